//! Running a clustering method in the workers, with restarts.

use futures_util::stream::{self, StreamExt};
use js_sys::Uint32Array;
use shoal::cluster::BestOf;
use shoal::cluster::methods::parts;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{Fit, Fitted, labels_from_wire};

use crate::compute::Client;
use crate::operation::Operation;

/// How many fits per worker are in flight.
const FITS_PER_WORKER: usize = 8;

/// The best of `restarts` runs of a method on `rows` rows for each number of clusters in `fit`, in their order; one if the method
/// finds the number. `on_fits` is called after every reply with how many runs it has finished.
///
/// Runs are compared in the order of their numbers, not in the order in which workers reply, so that the result does not
/// depend on the number of workers.
pub async fn best_fits(
    operation: &Operation,
    client: &Client,
    fit: &Fit,
    rows: usize,
    restarts: u32,
    on_fits: impl Fn(usize),
) -> Result<Vec<Fitted>, ApiError> {
    let parts = parts(fit.method.info(), &fit.counts, rows, restarts as usize, client.workers());
    let runs = parts.iter().flat_map(|part| (0..restarts).map(move |restart| (part, restart)));
    let mut replies = stream::iter(runs)
        .map(|(part, restart)| async move {
            let counts = part.iter().map(|&index| fit.counts[index]).collect();
            (part, client.call(Fit { counts, restart, ..fit.clone() }).await)
        })
        .buffered(client.workers() * FITS_PER_WORKER);
    let mut best: Vec<BestOf<Fitted>> = vec![BestOf::new(); fit.counts.len().max(1)];
    while let Some((part, fits)) = replies.next().await {
        operation.check()?;
        let fits = fits?;
        on_fits(fits.len());
        // A method that finds the number returns one fit, for which there is no index.
        for (index, fitted) in part.iter().copied().chain([0]).zip(fits) {
            best[index].offer(fitted.cost, fitted);
        }
    }
    drop(replies);
    // Every number has run at least once, unless `restarts` is 0.
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
