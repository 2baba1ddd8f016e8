//! Kubernetes quantities: exact numbers with a unit, such as `10Gi`, `500m` or `1e3`.
//!
//! The rules are those of `k8s.io/apimachinery/pkg/api/resource`: finer than a nano rounds away from
//! zero, and what is written with a binary unit is capped at 2^63 - 1.

use std::cmp::Ordering;
use std::fmt;

/// A quantity such as `10Gi`, exact. Two quantities are equal when their amounts are, however they
/// are written.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    // The mantissa in two halves: an i128 would align, and so widen, every value to 16 bytes.
    high: i64,
    low: u64,
    exponent: i16,
    unit: Unit,
}

/// How a quantity is written.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// A power of ten with a letter, or with none: `n`, `u`, `m`, `k` … `E`.
    Decimal(i16),
    /// A power of 1024: `Ki` … `Ei`.
    Binary(u16),
    /// A power of ten in digits: `e3`.
    Exponent(i16),
}

const DECIMAL: &[(&str, i16)] =
    &[("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: &[(&str, u16)] = &[("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];
const NANO: i16 = -9;
/// What a text may be long, and an exponent large, before it is no quantity of this world.
const LONGEST: usize = 64;
const LARGEST_EXPONENT: i16 = 300;

impl Quantity {
    /// Reads a quantity as Kubernetes does; none if the text is not one, or has more than 38
    /// significant digits or an exponent beyond ±300.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at_checked(end)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let unit = Unit::parse(suffix)?;
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        let dropped = significant.len() - significant.trim_end_matches('0').len();
        let significant = significant.trim_end_matches('0');
        if significant.len() > 38 {
            return None;
        }
        let magnitude: i128 = if significant.is_empty() { 0 } else { significant.parse().ok()? };
        let shift = i16::try_from(dropped).ok()? - i16::try_from(fraction.len()).ok()?;
        Self::scaled(if negative { -magnitude } else { magnitude }, shift, unit)
    }

    fn scaled(mantissa: i128, shift: i16, unit: Unit) -> Option<Self> {
        let (mantissa, exponent) = match unit {
            Unit::Decimal(e) | Unit::Exponent(e) => (mantissa, shift.checked_add(e)?),
            Unit::Binary(power) => (mantissa.checked_mul(1_i128 << (10 * power))?, shift),
        };
        let (mantissa, exponent) = round_to_nano(mantissa, exponent);
        // What was rounded up to a nano is no longer written with the exponent it had.
        let unit = if let Unit::Exponent(e) = unit { Unit::Exponent(e.max(NANO)) } else { unit };
        let read = Self::new(mantissa, exponent, unit);
        if read.exponent > LARGEST_EXPONENT {
            return None;
        }
        let Unit::Binary(_) = unit else { return Some(read) };
        let (most, one) = (Self::from_bytes(i64::MAX), Self::from_bytes(1));
        let size = Self::new(mantissa.checked_abs()?, exponent, unit);
        Some(if size > most {
            Self::new(i128::from(i64::MAX) * mantissa.signum(), 0, unit)
        } else if size < one {
            Self::new(mantissa, exponent, Unit::Decimal(0))
        } else {
            read
        })
    }

    fn new(mut mantissa: i128, mut exponent: i16, unit: Unit) -> Self {
        while mantissa != 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            exponent = exponent.saturating_add(1);
        }
        if mantissa == 0 {
            exponent = 0;
        }
        let low = u64::try_from(mantissa & i128::from(u64::MAX)).unwrap_or_default();
        let high = i64::try_from(mantissa >> 64).unwrap_or_default();
        Self { high, low, exponent, unit }
    }

    fn mantissa(&self) -> i128 {
        (i128::from(self.high) << 64) | i128::from(self.low)
    }

    /// That many bytes (or pieces); prints in binary units when they fit: `10Gi`.
    pub fn from_bytes(bytes: i64) -> Self {
        Self::new(i128::from(bytes), 0, Unit::Binary(0))
    }

    /// The sum, in the unit of `self`; none when it cannot be held exactly.
    pub fn add(&self, other: &Self) -> Option<Self> {
        self.plus(other.mantissa(), other.exponent)
    }

    /// The difference, in the unit of `self`; none when it cannot be held exactly.
    pub fn sub(&self, other: &Self) -> Option<Self> {
        self.plus(other.mantissa().checked_neg()?, other.exponent)
    }

    fn plus(&self, mantissa: i128, exponent: i16) -> Option<Self> {
        let lowest = if mantissa == 0 { self.exponent } else { self.exponent.min(exponent) };
        let lowest = if self.mantissa() == 0 { exponent } else { lowest };
        let left = shifted(self.mantissa(), self.exponent, lowest)?;
        let right = shifted(mantissa, exponent, lowest)?;
        Some(Self::new(left.checked_add(right)?, lowest, self.unit.family()))
    }

    /// The amount as a whole number, rounded away from zero; the nearest one that fits if it is too large.
    pub fn bytes(&self) -> i64 {
        let mantissa = self.mantissa();
        let whole = if self.exponent >= 0 {
            shifted(mantissa, self.exponent, 0).unwrap_or(i128::MAX * mantissa.signum())
        } else {
            divide_away(mantissa, self.exponent.unsigned_abs())
        };
        i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX })
    }

    /// The way Kubernetes writes it: no fraction, the largest unit that needs none.
    pub fn canonical(&self) -> String {
        let exponential = matches!(self.unit, Unit::Exponent(_));
        if let (Unit::Binary(_), Some(whole)) = (self.unit, self.whole())
            && whole.unsigned_abs() >= 1024
        {
            let power = (1..=6).take_while(|power| whole % (1_i128 << (10 * power)) == 0).last().unwrap_or(0);
            return format!("{}{}", whole >> (10 * power), Unit::Binary(power).suffix());
        }
        let multiple = self.exponent.div_euclid(3) * 3;
        let at = if exponential { multiple } else { multiple.clamp(NANO, 18) };
        let unit = if exponential { Unit::Exponent(at) } else { Unit::Decimal(at) };
        format!("{}{}", decimal(self.mantissa(), self.exponent - at), unit.suffix())
    }

    /// The amount, if it is a whole number that can be held.
    fn whole(&self) -> Option<i128> {
        if self.exponent < 0 { None } else { shifted(self.mantissa(), self.exponent, 0) }
    }
}

impl Unit {
    fn parse(suffix: &str) -> Option<Self> {
        if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            return Some(Self::Decimal(*exponent));
        }
        if let Some((_, power)) = BINARY.iter().find(|(name, _)| *name == suffix) {
            return Some(Self::Binary(*power));
        }
        let exponent: i16 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
        (-LARGEST_EXPONENT..=LARGEST_EXPONENT).contains(&exponent).then_some(Self::Exponent(exponent))
    }

    /// Power 0 of the same family, for results that were never written.
    fn family(self) -> Self {
        match self {
            Self::Binary(_) => Self::Binary(0),
            Self::Decimal(_) => Self::Decimal(i16::MIN),
            Self::Exponent(_) => Self::Exponent(i16::MIN),
        }
    }

    fn suffix(self) -> String {
        match self {
            Self::Decimal(e) => DECIMAL.iter().find(|(_, at)| *at == e).map_or("", |(name, _)| name).to_owned(),
            Self::Binary(p) => BINARY.iter().find(|(_, at)| *at == p).map_or("", |(name, _)| name).to_owned(),
            Self::Exponent(0) => String::new(),
            Self::Exponent(e) => format!("e{e}"),
        }
    }
}

/// As written (`1.5Gi`, `1024Mi`) if it was read, else as Kubernetes would write it.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Decimal(i16::MIN) | Unit::Exponent(i16::MIN) | Unit::Binary(0) => f.write_str(&self.canonical()),
            Unit::Decimal(e) | Unit::Exponent(e) => {
                write!(f, "{}{}", decimal(self.mantissa(), self.exponent.saturating_sub(e)), self.unit.suffix())
            }
            Unit::Binary(power) => {
                let unit = 1_i128 << (10 * power);
                let fits = self.whole().and_then(|whole| {
                    (0..=6_i16).find_map(|places| {
                        let tens = shifted(whole, places, 0)?;
                        (tens % unit == 0).then(|| decimal(tens / unit, -places))
                    })
                });
                match fits {
                    Some(number) => write!(f, "{number}{}", self.unit.suffix()),
                    None => f.write_str(&self.canonical()),
                }
            }
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.mantissa(), other.mantissa());
        if a.signum() != b.signum() || a == 0 {
            return a.signum().cmp(&b.signum());
        }
        let size = |m: i128, e: i16| i64::from(m.unsigned_abs().ilog10()) + i64::from(e);
        let by_size = size(a, self.exponent).cmp(&size(b, other.exponent)).then_with(|| {
            // As many digits before the point: the shift cannot be long, and one that does not fit is larger.
            let least = self.exponent.min(other.exponent);
            let aligned = |m: i128, e: i16| shifted(m, e, least).map_or(u128::MAX, i128::unsigned_abs);
            aligned(a, self.exponent).cmp(&aligned(b, other.exponent))
        });
        if a < 0 { by_size.reverse() } else { by_size }
    }
}

/// `mantissa`×10^`from` in units of 10^`to`, where `to` is not above `from`.
fn shifted(mantissa: i128, from: i16, to: i16) -> Option<i128> {
    if mantissa == 0 {
        return Some(0);
    }
    let places = u32::try_from(from.checked_sub(to)?).ok()?;
    mantissa.checked_mul(10_i128.checked_pow(places)?)
}

/// `mantissa` / 10^`places`, rounded away from zero.
fn divide_away(mantissa: i128, places: u16) -> i128 {
    match 10_i128.checked_pow(u32::from(places)) {
        None => mantissa.signum(),
        Some(ten) if mantissa % ten == 0 => mantissa / ten,
        Some(ten) => mantissa / ten + mantissa.signum(),
    }
}

fn round_to_nano(mantissa: i128, exponent: i16) -> (i128, i16) {
    if exponent >= NANO { (mantissa, exponent) } else { (divide_away(mantissa, exponent.abs_diff(NANO)), NANO) }
}

/// `mantissa`×10^`exponent` in plain digits.
fn decimal(mantissa: i128, exponent: i16) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    let places = usize::from(exponent.unsigned_abs());
    if exponent >= 0 {
        let zeros = if mantissa == 0 { 0 } else { places };
        return format!("{sign}{digits}{:0<zeros$}", "");
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::Quantity;
    use proptest::prelude::*;

    /// What `kubectl set resources --local` (the parser of apimachinery) makes of a text.
    const ORACLE: &[(&str, &str)] = &[
        ("1E", "1E"),
        ("1Ei", "1Ei"),
        (".5", "500m"),
        ("5.", "5"),
        ("+5", "5"),
        ("1e40", "10e39"),
        ("1.5Gi", "1536Mi"),
        ("0.1Gi", "107374182400m"),
        ("1.0000000001", "1000000001n"),
        ("9223372036854775808Gi", "9223372036854775807"),
        ("10Gi", "10Gi"),
        ("1024Mi", "1Gi"),
        ("1000", "1k"),
        ("0", "0"),
        ("-1.5Gi", "-1536Mi"),
        ("1e3", "1e3"),
        ("1E3", "1e3"),
        ("1e-3", "1e-3"),
        ("512", "512"),
        ("0.5Ki", "512"),
    ];
    /// Texts that the parser of apimachinery refuses, and some of our own, between bars.
    const REJECTED: &str =
        "1K|1e|1Ki1|1e3Ki| 5Gi|5Gi |1_000|0x10||.|+|-|1.2.3|Gi|1gi|1KI|--5|1e2000000000|٣Gi|1e+|NaN|inf";

    #[test]
    fn reads_and_writes_as_apimachinery_does() {
        for (text, canonical) in ORACLE {
            assert_eq!(Quantity::parse(text).map(|q| q.canonical()).as_deref(), Some(*canonical), "{text}");
        }
        for text in REJECTED.split('|') {
            assert!(Quantity::parse(text).is_none(), "{text:?} is no quantity");
        }
        assert!(Quantity::parse(&"9".repeat(39)).is_none(), "too many digits");
    }

    #[test]
    fn prints_as_written() {
        for text in ["10Gi", "1.5Gi", "1024Mi", "1000", "0.5", "500m", "1e3", "-3k", "0"] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Quantity::from_bytes(10 << 30).to_string(), "10Gi");
        assert_eq!(Quantity::from_bytes(1000).to_string(), "1k");
    }

    #[test]
    fn compares_amounts_not_writings() {
        let q = |text| Quantity::parse(text).unwrap();
        assert_eq!(q("1Gi"), q("1024Mi"));
        assert_eq!(q("1"), q("1000m"));
        assert!(q("1Gi") > q("1G") && q("1G") > q("999M"));
        assert!(q("1e40") > q("9E") && q("-1e40") < q("-9E"));
        assert!(q("-2") < q("-1") && q("-1") < q("0") && q("0") < q("1n"));
    }

    #[test]
    fn adds_and_subtracts_exactly_or_not_at_all() {
        let q = |text| Quantity::parse(text).unwrap();
        assert_eq!(q("1Gi").add(&q("512Mi")).unwrap().to_string(), "1536Mi");
        assert_eq!(q("1Gi").sub(&q("1Gi")).unwrap(), q("0"));
        assert_eq!(q("0").add(&q("1n")).unwrap(), q("1n"));
        assert!(q("1e300").add(&q("1n")).is_none());
        assert_eq!(q("1e300").bytes(), i64::MAX);
        assert_eq!(q("-1e300").bytes(), i64::MIN);
        assert_eq!(q("1500m").bytes(), 2);
        assert_eq!(q("0.1Gi").bytes(), 107_374_183);
    }

    proptest! {
        #[test]
        fn orders_as_the_integers_do(a in any::<i64>(), b in any::<i64>(), p in 0_usize..6, r in 0_usize..6) {
            let units = ["", "k", "M", "G", "T", "P"];
            let (left, right) = (format!("{a}{}", units[p]), format!("{b}{}", units[r]));
            let exact = |n: i64, power: usize| i128::from(n) * 1000_i128.pow(u32::try_from(power).unwrap());
            prop_assert_eq!(
                Quantity::parse(&left).unwrap().cmp(&Quantity::parse(&right).unwrap()),
                exact(a, p).cmp(&exact(b, r))
            );
            let sum = Quantity::parse(&left).unwrap().add(&Quantity::parse(&right).unwrap()).unwrap();
            prop_assert_eq!(sum.whole(), Some(exact(a, p) + exact(b, r)));
        }

        #[test]
        fn binary_units_order_as_the_integers_do(a in 0_i64..1 << 20, b in 0_i64..1 << 20, p in 1_u32..4, r in 1_u32..4) {
            let units = ["", "Ki", "Mi", "Gi"];
            let (left, right) = (format!("{a}{}", units[p as usize]), format!("{b}{}", units[r as usize]));
            let (left, right) = (Quantity::parse(&left).unwrap(), Quantity::parse(&right).unwrap());
            prop_assert_eq!(left.cmp(&right), (a << (10 * p)).cmp(&(b << (10 * r))));
            prop_assert_eq!(left.bytes(), a << (10 * p));
        }

        #[test]
        fn never_panics_and_reads_what_it_writes(text in "[-+]?[0-9.]{0,45}[eEinumkKMGTP]{0,2}[-+]?[0-9]{0,4}") {
            if let Some(q) = Quantity::parse(&text) {
                let _ = (q.bytes(), q.add(&q), q.sub(&q));
                prop_assert_eq!(Quantity::parse(&q.canonical()).unwrap_or(q), q);
                prop_assert_eq!(Quantity::parse(&q.to_string()).unwrap_or(q), q);
            }
        }
    }

    #[test]
    fn extremes_are_shown_as_what_they_are() {
        let shown = |text: &str| Quantity::parse(text).map(|quantity| (quantity.to_string(), quantity.canonical()));
        assert_eq!(shown("50.03203e-300"), Some(("1e-9".to_owned(), "1e-9".to_owned())));
        assert_eq!(shown("10e300"), None);
        assert_eq!(shown("1e300"), Some(("1e300".to_owned(), "1e300".to_owned())));
    }
}
