//! Running a clustering method in the workers, with restarts.

use futures_util::stream::{self, StreamExt};
use js_sys::Uint32Array;
use shoal::cluster::BestOf;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{Fit, Fitted, labels_from_wire};

use crate::compute::Client;
use crate::operation::Operation;

/// How many fits per worker are in flight.
const FITS_PER_WORKER: usize = 8;

/// The best of `restarts` runs of each request, in the order of the requests. `on_fit` is called after every run.
///
/// Runs are compared in the order of their numbers, not in the order in which workers reply, so that the result does not
/// depend on the number of workers.
pub async fn best_fits(
    operation: &Operation,
    client: &Client,
    requests: &[Fit],
    restarts: u32,
    on_fit: impl Fn(),
) -> Result<Vec<Fitted>, ApiError> {
    let runs =
        requests.iter().enumerate().flat_map(|(index, fit)| (0..restarts).map(move |restart| (index, fit, restart)));
    let mut fits = stream::iter(runs)
        .map(|(index, fit, restart)| async move { (index, client.call(Fit { restart, ..fit.clone() }).await) })
        .buffered(client.workers() * FITS_PER_WORKER);
    let mut best: Vec<BestOf<Fitted>> = requests.iter().map(|_| BestOf::new()).collect();
    while let Some((index, fitted)) = fits.next().await {
        operation.check()?;
        let fitted = fitted?;
        best[index].offer(fitted.cost, fitted);
        on_fit();
    }
    drop(fits);
    // Every request has run at least once, unless `restarts` is 0.
    Ok(best.into_iter().filter_map(|best| best.into_best().map(|(_, fitted)| fitted)).collect())
}

/// The labels of a fit.
pub fn labels_of(fitted: &Fitted) -> Vec<Option<u32>> {
    labels_from_wire(fitted.labels.to_vec())
}

/// The labels of pinned rows where none is pinned.
pub fn nothing_pinned() -> Uint32Array {
    Uint32Array::new_with_length(0)
}
