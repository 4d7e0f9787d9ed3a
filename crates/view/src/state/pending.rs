//! Settings that have changed since the clustering that is shown.

use leptos::prelude::*;

use super::State;
use shoal::options::ClusterMethod;

impl State {
    /// The chosen method.
    pub fn chosen_method(self) -> ClusterMethod {
        self.method.with(|method| method.parse().unwrap_or_default())
    }

    /// Whether clustering again would use other settings than the clustering that is shown, apart from k, which applies at once.
    pub fn has_pending_settings(self) -> bool {
        for setting in [self.method, self.seed, self.feature_preset, self.model, self.size] {
            setting.track();
        }
        self.clustering.track();
        self.engine_info.track();
        self.engine().has_pending_settings()
    }
}
