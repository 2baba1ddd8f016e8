//! Placeholder until the check language is merged: the interface the other stages build on.
#![allow(missing_docs, clippy::pedantic, reason = "placeholder")]
use crate::evidence::Gaps; use crate::time::Time; use crate::value::Value; use std::{ops::Range, sync::Arc};
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)] pub struct Slot(pub usize);
#[derive(Clone, Debug, Default)] pub struct Names(Vec<String>);
impl Names { pub fn new()->Self{Self::default()} pub fn declare(&mut self,n:&str)->Slot{self.0.push(n.into());Slot(self.0.len()-1)} pub fn slot(&self,n:&str)->Option<Slot>{self.0.iter().position(|x|x==n).map(Slot)} pub fn name(&self,s:Slot)->&str{self.0.get(s.0).map_or("",|x|x)} pub fn len(&self)->usize{self.0.len()} pub fn iter(&self)->impl Iterator<Item=(Slot,&str)>{self.0.iter().enumerate().map(|(i,n)|(Slot(i),n.as_str()))} }
#[derive(Clone, Debug)] pub struct Fault { pub range: Range<usize>, pub code: &'static str, pub message: String, pub help: Option<String> }
#[derive(Clone, Debug)] pub struct Check(String);
pub fn compile(source:&str,_:&Names)->Result<Check,Vec<Fault>>{Ok(Check(source.into()))}
impl Check{pub fn source(&self)->&str{&self.0} pub fn uses(&self)->&[Slot]{&[]} pub fn eval(&self,_:&dyn Scope,_:&mut Budget)->Value{Value::Null} pub fn as_path(&self)->Option<(Slot,Vec<String>)>{None}}
pub trait Scope { fn value(&self, slot: Slot) -> Value; fn now(&self) -> Time; }
#[derive(Debug, Default)] pub struct Budget;
#[derive(Clone, Debug)] pub struct Template(String);
pub fn compile_template(source:&str,_:&Names)->Result<Template,Vec<Fault>>{Ok(Template(source.into()))}
impl Template{pub fn source(&self)->&str{&self.0} pub fn uses(&self)->&[Slot]{&[]} pub fn render(&self,_:&dyn Scope,_:&mut Budget)->String{self.0.clone()}}
#[derive(Clone, Debug)] pub enum Truth{Holds,Fails,Unknown(Arc<Gaps>)}
pub fn truth(_:&Value)->Truth{Truth::Fails}
