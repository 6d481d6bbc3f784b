//! A few values, each once, in order.

/// The values in order without repetition. For the handful of values that a report has; collecting
/// into a set would bring a whole sort into the app for each type.
///
/// ```
/// use outbox_doctor::network::distinct::distinct;
/// assert_eq!(distinct([3, 1, 3, 2]), [1, 2, 3]);
/// ```
pub fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for item in items {
        if let Err(at) = found.binary_search(&item) {
            found.insert(at, item);
        }
    }
    found
}
