//! `exportScripts`: scripts that move the originals into place, in a small zip.

use web_sys::Blob;

use crate::export::{member, zip_of};
use crate::{Engine, ExportOptions};
use shoal::archive::{Placed, powershell_script, sh_script};
use shoal_browser::api_error::ApiError;

impl Engine {
    /// `move.sh` and `move.ps1`, which move pictures and sidecars where [`Self::export_zip`] would copy them. Originals
    /// have to be at hand, though none is read: what belongs to a picture is known from the files that were dropped alone.
    pub async fn export_scripts(&self, options: ExportOptions) -> Result<Blob, ApiError> {
        let operation = self.begin().await?;
        let export_set = self.export_set(&operation, options).await?;
        let placed: Vec<Placed> = export_set.files.into_iter().map(|file| file.placed).collect();
        let scripts = [("move.sh", sh_script(&placed)), ("move.ps1", powershell_script(&placed))];
        let members = scripts.map(|(name, script)| member(name.into(), script.as_bytes()));
        let (entries, bodies): (Vec<_>, Vec<_>) =
            members.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        zip_of(&operation, &entries, &bodies).await
    }
}
