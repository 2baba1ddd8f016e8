//! Log lines. (stand-in)
use crate::time::Time;
#[derive(Clone, Copy, Debug)]
pub enum Level { Error }
impl Level { pub fn as_str(self) -> &'static str { "error" } }
#[derive(Clone, Debug)]
pub struct Line { pub time: Option<Time>, pub level: Option<Level>, pub message: String, pub raw: String }
pub fn parse_lines(text: &str, _: Time) -> Vec<Line> { text.lines().map(|l| Line { time: None, level: None, message: l.to_owned(), raw: l.to_owned() }).collect() }
