//! What came lately, in a table of a fixed size.

/// The most places, a power of two.
const PLACES: usize = 1 << 13;
/// The fewest, once there are any.
const FIRST: usize = 64;
/// What has a hash may have any of so many places next to one another: two that come all the time must not drive each
/// other out.
const ROW: usize = 4;
/// How often something that came again is passed over before it gives way.
const STAYS: u8 = 3;

/// Things by a part of their hash. Grows with what is put in, up to [`PLACES`].
#[derive(Debug)]
pub(super) struct Table<T> {
    places: Vec<Option<Entry<T>>>,
    filled: usize,
}

#[derive(Debug)]
struct Entry<T> {
    hash: u64,
    thing: T,
    /// How often it is still passed over.
    stays: u8,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { places: Vec::new(), filled: 0 }
    }
}

impl<T: Clone> Table<T> {
    /// What is remembered under that hash and is the same.
    pub(super) fn get(&mut self, hash: u64, is_same: impl Fn(&T) -> bool) -> Option<T> {
        let mut row = self.row(hash).iter_mut().flatten();
        let entry = row.find(|entry| entry.hash == hash && is_same(&entry.thing))?;
        entry.stays = STAYS;
        Some(entry.thing.clone())
    }

    /// Remembers something, unless all that could give way came again lately.
    pub(super) fn put(&mut self, hash: u64, thing: &T) {
        if self.filled * 2 >= self.places.len() && self.places.len() < PLACES {
            self.grow();
        }
        let row = self.row(hash);
        let free = row.iter().position(Option::is_none);
        let weak = || row.iter().position(|place| place.as_ref().is_some_and(|entry| entry.stays == 0));
        match free.or_else(weak).and_then(|at| row.get_mut(at..)) {
            Some(rest) => {
                if let Some(place) = rest.first_mut() {
                    *place = Some(Entry { hash, thing: thing.clone(), stays: 0 });
                }
                // The oldest gives way first.
                rest.rotate_left(1);
            }
            None => row.iter_mut().flatten().for_each(|entry| entry.stays -= 1),
        }
        self.filled += usize::from(free.is_some());
    }

    /// The places that what has this hash may have.
    fn row(&mut self, hash: u64) -> &mut [Option<Entry<T>>] {
        let rows = self.places.len() / ROW;
        let row = usize::try_from(hash).unwrap_or(usize::MAX) & rows.saturating_sub(1);
        self.places.get_mut(row * ROW..(row + 1) * ROW).unwrap_or_default()
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 2).max(FIRST);
        let old = std::mem::take(&mut self.places);
        self.places.resize_with(size, || None);
        for entry in old.into_iter().flatten() {
            // Twice as many rows: what was in one goes into two, and has room there.
            if let Some(place) = self.row(entry.hash).iter_mut().find(|place| place.is_none()) {
                *place = Some(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts what is not there, as those do who read; whether it was.
    fn came_again(table: &mut Table<u64>, hash: u64, thing: u64) -> bool {
        let known = table.get(hash, |known| *known == thing).is_some();
        if !known {
            table.put(hash, &thing);
        }
        known
    }

    #[test]
    fn few_things_need_a_small_table_and_many_no_more_than_there_is() {
        let mut table = Table::default();
        assert_eq!(table.places.len(), 0);
        came_again(&mut table, 1, 1);
        assert_eq!((table.places.len(), table.filled), (FIRST, 1));
        for n in 0..100_000 {
            came_again(&mut table, n, n);
        }
        assert_eq!((table.places.len(), table.filled), (PLACES, PLACES));
    }

    #[test]
    fn what_meets_is_kept_side_by_side() {
        let mut table = Table::default();
        // The same place for each; two of them have even the same hash.
        let met = [(7 << 32, 1), (7 << 32, 2), (8 << 32, 3), (9 << 32, 4)];
        for (hash, thing) in met {
            assert!(!came_again(&mut table, hash, thing));
        }
        for (hash, thing) in met.repeat(3) {
            assert!(came_again(&mut table, hash, thing), "{thing}");
        }
    }

    #[test]
    fn what_came_again_outlives_what_came_once() {
        let mut table = Table::default();
        let often = [1, 2, 3].map(|n| (n << 32, n));
        let mut again = 0;
        for n in 100..1000 {
            again += often.iter().filter(|(hash, thing)| came_again(&mut table, *hash, *thing)).count();
            came_again(&mut table, n << 32, n);
        }
        assert_eq!(again, 3 * 899);
    }

    #[test]
    fn what_comes_no_more_gives_way() {
        let mut table = Table::default();
        let [old, new] = [1, 10].map(|from| [0, 1, 2, 3].map(|n| ((from + n) << 32, from + n)));
        for (hash, thing) in [old, old, new, new, new, new, new].concat() {
            came_again(&mut table, hash, thing);
        }
        for (hash, thing) in new {
            assert!(came_again(&mut table, hash, thing), "{thing}");
        }
    }

    #[test]
    fn what_is_kept_is_kept_when_it_grows() {
        let mut table = Table::default();
        for n in 0..60 {
            came_again(&mut table, n, n);
        }
        assert_eq!(table.places.len(), 2 * FIRST);
        assert_eq!((0..60).filter(|n| came_again(&mut table, *n, *n)).count(), 60);
    }
}
