//! Settings that have changed since the latest result.

use crate::Engine;
use crate::settings::{Assets, Settings, WeightsSource};

impl Engine {
    /// Whether clustering again would use other settings than the latest result, apart from k.
    pub fn has_pending_settings(&self) -> bool {
        let settings = self.settings();
        let Some(shown) = self.clustering() else { return false };
        let Ok(options) = settings.cluster_options() else { return true };
        (options.method, options.recipe(), options.seed) != (shown.method, shown.recipe, shown.seed)
            || self.embeds_otherwise(&settings)
    }

    /// Whether images would be embedded by another network, or at another size, than last. Features from a file are used as they are.
    fn embeds_otherwise(&self, settings: &Settings) -> bool {
        let announced = self.0.announced.borrow();
        let Some(used) = announced.as_ref().filter(|_| !self.0.collection.is_external()) else { return false };
        let chosen = match settings.assets() {
            Ok(Assets { weights: WeightsSource::Site(chosen), .. }) => chosen,
            _ => None,
        };
        let Some(backbone) = chosen.or_else(|| used.network.parse().ok()) else { return false };
        let size_px = settings.embedding(backbone).map(|embedding| embedding.size_px);
        backbone.name() != used.network || size_px.is_ok_and(|size_px| size_px != used.size_px)
    }
}
