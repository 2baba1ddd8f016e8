//! Waiting without keeping a processor busy.

use super::trouble::{Result, Trouble};
use std::time::{Duration, Instant};

/// How long to wait between two looks.
pub const LOOK: Duration = Duration::from_millis(250);

/// Asks until there is an answer, or the time is over: then what was last in the way.
pub fn until<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        match look() {
            Ok(answer) => return Ok(answer),
            Err(error) if began.elapsed() >= limit => {
                return Err(Trouble::new(format!("{what}: not within {} s: {error}", limit.as_secs())));
            }
            Err(_) => std::thread::sleep(LOOK),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_obstacle_is_told() {
        let mut looks = 0;
        let error = until("it comes up", Duration::ZERO, || {
            looks += 1;
            Err::<(), _>(Trouble::new("connection refused"))
        });
        assert_eq!(error.unwrap_err().to_string(), "it comes up: not within 0 s: connection refused");
        assert_eq!(looks, 1);
        assert_eq!(until("it comes up", Duration::ZERO, || Ok(7)), Ok(7));
    }
}
