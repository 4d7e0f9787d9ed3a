//! `exportScripts`: scripts that move the originals into place, in a small zip.

use web_sys::Blob;

use crate::export::{member, zip_of};
use crate::{Engine, TakeHome};
use shoal::archive::{Placed, powershell_script, sh_script};
use shoal_browser::failure::Failure;

impl Engine {
    /// `move.sh` and `move.ps1`, which move pictures and companions where [`Self::export_zip`] would copy them. Originals
    /// have to be at hand, though none is read: what belongs to a picture is known from the files that were dropped alone.
    pub async fn export_scripts(&self, options: TakeHome) -> Result<Blob, Failure> {
        let turn = self.begin().await?;
        let goods = self.goods(&turn, options).await?;
        let placed: Vec<Placed> = goods.parcels.into_iter().map(|parcel| parcel.placed).collect();
        let scripts = [("move.sh", sh_script(&placed)), ("move.ps1", powershell_script(&placed))];
        let members = scripts.map(|(name, script)| member(name.into(), script.as_bytes()));
        let (entries, bodies): (Vec<_>, Vec<_>) =
            members.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        zip_of(&turn, &entries, &bodies).await
    }
}
