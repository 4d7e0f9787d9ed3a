//! Selection of the best of several restarts.

/// The restart of lowest cost among those offered so far, with its payload. Of equal costs the first one offered stays, so
/// the result depends only on the order of the offers.
///
/// # Examples
/// ```
/// use shoal::cluster::BestOf;
///
/// let mut best = BestOf::new();
/// best.offer(2.0, "first");
/// best.offer(1.0, "second");
/// best.offer(1.0, "third");
/// assert_eq!(best.into_best(), Some((1.0, "second")));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BestOf<T>(Option<(f64, T)>);

impl<T> BestOf<T> {
    /// No restarts yet.
    pub fn new() -> Self {
        Self(None)
    }

    /// Keeps `payload` if its `cost` is lower than that of every restart before it.
    pub fn offer(&mut self, cost: f64, payload: T) {
        if self.0.as_ref().is_none_or(|(lowest, _)| cost < *lowest) {
            self.0 = Some((cost, payload));
        }
    }

    /// The lowest cost and its payload; `None` if nothing was offered.
    pub fn into_best(self) -> Option<(f64, T)> {
        self.0
    }
}

impl<T> Default for BestOf<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Extend<(f64, T)> for BestOf<T> {
    fn extend<I: IntoIterator<Item = (f64, T)>>(&mut self, restarts: I) {
        for (cost, payload) in restarts {
            self.offer(cost, payload);
        }
    }
}

/// The restart of lowest cost among `(cost, payload)`; of equal costs the first. `None` if there are none.
pub fn best_of<T>(restarts: impl IntoIterator<Item = (f64, T)>) -> Option<(f64, T)> {
    let mut best = BestOf::new();
    best.extend(restarts);
    best.into_best()
}

#[cfg(test)]
mod tests {
    use super::best_of;

    #[test]
    fn takes_the_first_of_the_lowest_costs() {
        assert_eq!(best_of([(3.0, 'a'), (1.0, 'b'), (2.0, 'c'), (1.0, 'd')]), Some((1.0, 'b')));
        assert_eq!(best_of([(f64::INFINITY, 'a')]), Some((f64::INFINITY, 'a')));
        assert_eq!(best_of(Vec::<(f64, char)>::new()), None);
    }
}
