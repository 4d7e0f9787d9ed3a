//! Scripts that move the source files into place.

use shoal::archive::{Placed, powershell_script, sh_script};
use shoal_browser::api_error::ApiError;
use web_sys::Blob;

use super::export_set::ExportSet;
use super::zip_blob::{member, zip_of};
use super::{ExportContext, ExportOptions, Format, FormatInfo, FormatPlace};

/// A small zip of `move.sh` and `move.ps1`, which move images and sidecars to the same places as in the zip. Source files must
/// be available, since sidecars are known only from the files that were dropped, but none is read.
pub struct Scripts;

impl Format for Scripts {
    const INFO: FormatInfo = FormatInfo {
        label: "Move scripts",
        hint: "Small scripts for Windows, macOS and Linux that move your originals into folders, without copying",
        file_name: "shoal-move-scripts.zip",
        place: FormatPlace::Panel,
    };

    async fn export(context: &ExportContext<'_>, options: ExportOptions) -> Result<Blob, ApiError> {
        let set = ExportSet::of(context, options).await?;
        let placed: Vec<Placed> = set.files.into_iter().map(|file| file.placed).collect();
        let scripts = [("move.sh", sh_script(&placed)), ("move.ps1", powershell_script(&placed))];
        let members = scripts.map(|(name, script)| member(name.into(), script.as_bytes()));
        let members: Vec<_> = members.into_iter().collect::<Result<_, _>>()?;
        let (entries, bodies): (Vec<_>, Vec<_>) = members.into_iter().unzip();
        zip_of(context.operation, &entries, &bodies).await
    }
}
