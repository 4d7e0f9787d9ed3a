//! Settings that have changed since the clustering that is shown.

use leptos::prelude::*;

use super::State;
use shoal::backbones::Backbone;
use shoal::options::{ClusterMethod, Recipe};

/// The side of images that become flat features, in pixels.
const FLAT_SIZE_PX: u32 = 64;

impl State {
    /// The chosen method.
    pub fn chosen_method(self) -> ClusterMethod {
        self.method.with(|method| method.parse().unwrap_or_default())
    }

    /// Whether clustering again would use other settings than the clustering that is shown, apart from k, which applies at once.
    pub fn has_pending_settings(self) -> bool {
        let (method, recipe, seed) = (self.chosen_method(), self.chosen_recipe(), self.seed.get());
        self.clustering.with(|clustering| {
            clustering.as_ref().is_some_and(|shown| {
                method != shown.method
                    || recipe != shown.recipe
                    || seed.parse() != Ok(shown.seed)
                    || self.embeds_otherwise()
            })
        })
    }

    fn chosen_recipe(self) -> Recipe {
        self.feature_preset.with(|preset| match preset.as_str() {
            "flat" => Recipe::Plain,
            preset => preset.parse().unwrap_or(self.chosen_method().info().default_recipe.unwrap_or_default()),
        })
    }

    /// Whether the chosen network or size is not the one used last.
    fn embeds_otherwise(self) -> bool {
        if self.engine().has_external_features() {
            return false;
        }
        let (network, is_flat) = (self.network(), self.feature_preset.with(|preset| preset == "flat"));
        let backbone = Backbone::ALL.iter().map(|backbone| backbone.descriptor()).find(|known| known.name == network);
        let wanted_px = match self.size.get().parse() {
            _ if is_flat => Some(FLAT_SIZE_PX),
            Ok(size_px) => Some(size_px),
            Err(_) => backbone.map(|known| known.default_size_px),
        };
        self.engine_info.with(|used| {
            used.as_ref().is_some_and(|used| network != used.network || wanted_px.is_some_and(|px| px != used.size_px))
        })
    }
}
