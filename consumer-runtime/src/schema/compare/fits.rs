//! Whether what one side writes can be read by the other.

use std::{
    collections::{BTreeMap, HashSet},
    ptr,
};

use crate::schema::{
    incompatible::{Difference, Found, Incompatible, Place, Step},
    shape::{Constant, Field, Object, Others, Shape},
};

/// How deep shapes are followed, through the types that they refer to.
const DEPTH: usize = 128;

type Types = BTreeMap<String, Shape>;

/// Two shapes by their places in memory, which nothing moves while they are borrowed.
type Pair = (*const Shape, *const Shape);

/// Compares what is written in one direction with what is read.
pub(super) struct Comparison<'c> {
    written: &'c Types,
    read: &'c Types,
    /// How much may still be looked at.
    pub(super) steps: usize,
    /// Pairs that fit, or that are being compared and fit unless something else does not: types may contain themselves.
    fitting: HashSet<Pair>,
    /// The same pairs in the order in which they were added, so that a failed attempt can be taken back.
    trail: Vec<Pair>,
    /// Pairs that do not fit.
    failed: HashSet<Pair>,
}

type Fits<'c> = Result<(), Found<'c>>;

impl<'c> Comparison<'c> {
    pub(super) fn new(written: &'c Types, read: &'c Types, steps: usize) -> Self {
        Self { written, read, steps, fitting: HashSet::new(), trail: Vec::new(), failed: HashSet::new() }
    }

    pub(super) fn check(&mut self, place: Place<'_>, written: &'c Shape, read: &'c Shape) -> Result<(), Incompatible> {
        self.fits(written, read, DEPTH).map_err(|found| Incompatible::new(place, found))
    }

    /// Pays for looking at `n` things.
    fn pay(&mut self, n: usize) -> Fits<'c> {
        match self.steps.checked_sub(n) {
            Some(steps) => {
                self.steps = steps;
                Ok(())
            }
            None => Err(Difference::TooMuch.into()),
        }
    }

    fn fits(&mut self, written: &'c Shape, read: &'c Shape, depth: usize) -> Fits<'c> {
        if matches!(written, Shape::Any) || matches!(read, Shape::Any) {
            return Ok(());
        }
        self.pay(1)?;
        let depth = depth.checked_sub(1).ok_or(Difference::TooMuch)?;
        let pair = (ptr::from_ref(written), ptr::from_ref(read));
        if self.fitting.contains(&pair) {
            return Ok(());
        }
        if self.failed.contains(&pair) {
            return Err(Difference::Again.into());
        }
        let before = self.trail.len();
        self.fitting.insert(pair);
        self.trail.push(pair);
        let result = self.compare(written, read, depth);
        if result.is_err() {
            // What was found to fit since may have counted on this pair.
            for pair in self.trail.drain(before..) {
                self.fitting.remove(&pair);
            }
            self.failed.insert(pair);
        }
        result
    }

    fn compare(&mut self, written: &'c Shape, read: &'c Shape, depth: usize) -> Fits<'c> {
        match (written, read) {
            (Shape::Reference(a), Shape::Reference(b)) => self.fits(named(self.written, a), named(self.read, b), depth),
            (_, Shape::Reference(name)) => self.fits(written, named(self.read, name), depth),
            (Shape::OneOf(shapes), _) => shapes.iter().try_for_each(|shape| self.fits(shape, read, depth)),
            (Shape::Reference(name), _) => self.fits(named(self.written, name), read, depth),
            (Shape::Constants(constants), _) => {
                let missing = constants.iter().try_fold(None, |missing, constant| match missing {
                    None => Ok((!self.admits(constant, read, depth)?).then_some(constant)),
                    known => Ok(known),
                });
                match missing {
                    Err(found) => Err(found),
                    Ok(None) => Ok(()),
                    Ok(Some(_)) if !holds_constants(read) => Err(Difference::Type { written, read }.into()),
                    Ok(Some(constant)) => Err(Difference::Constant(constant).into()),
                }
            }
            (_, Shape::OneOf(shapes)) => self.one_fits(written, shapes, depth),
            (Shape::Array(a), Shape::Array(b)) => self.fits(a, b, depth).map_err(|found| found.at(Step::Item)),
            (Shape::Tuple(a), Shape::Tuple(b)) if a.len() == b.len() => {
                a.iter().zip(b).try_for_each(|(a, b)| self.fits(a, b, depth)).map_err(|found| found.at(Step::Item))
            }
            (Shape::Tuple(a), Shape::Array(b)) => {
                a.iter().try_for_each(|a| self.fits(a, b, depth)).map_err(|found| found.at(Step::Item))
            }
            (Shape::Object(a), Shape::Object(b)) => self.objects(a, b, depth),
            (a, b) if fits_kind(a, b) => Ok(()),
            _ => Err(Difference::Type { written, read }.into()),
        }
    }

    /// One alternative must do. When kind and tags leave one candidate, what it lacks is the answer.
    fn one_fits(&mut self, written: &'c Shape, shapes: &'c [Shape], depth: usize) -> Fits<'c> {
        let mut candidates = 0;
        let mut last = None;
        for shape in shapes {
            if self.is_candidate(written, shape)? {
                candidates += 1;
                match self.fits(written, shape, depth) {
                    Ok(()) => return Ok(()),
                    Err(found) if found.is_too_much() => return Err(found),
                    Err(found) => last = Some(found),
                }
            }
        }
        match last {
            Some(found) if candidates == 1 => Err(found),
            _ => Err(Difference::Alternative(written).into()),
        }
    }

    /// Whether `read` could be meant: it is of the same kind, and no constant field says that it is another alternative.
    fn is_candidate(&mut self, written: &'c Shape, read: &'c Shape) -> Result<bool, Found<'c>> {
        self.pay(1)?;
        let read = if let Shape::Reference(name) = read { named(self.read, name) } else { read };
        Ok(match (written, read) {
            (Shape::Object(a), Shape::Object(b)) => {
                self.pay(b.fields.len())?;
                b.fields.iter().all(|(name, field)| match (a.fields.get(name), field) {
                    (_, Field { required: false, .. }) => true,
                    (Some(Field { shape: Shape::Constants(a), .. }), Field { shape: Shape::Constants(b), .. }) => {
                        !a.is_disjoint(b)
                    }
                    (None, Field { shape: Shape::Constants(_), .. }) => false,
                    _ => true,
                })
            }
            (Shape::Array(_) | Shape::Tuple(_), Shape::Array(_) | Shape::Tuple(_)) => true,
            (_, Shape::Reference(_) | Shape::OneOf(_) | Shape::Any) => true,
            (a, b) => fits_kind(a, b),
        })
    }

    /// Whether a constant is a value of `read`.
    fn admits(&mut self, constant: &'c Constant, read: &'c Shape, depth: usize) -> Result<bool, Found<'c>> {
        self.pay(1)?;
        let depth = depth.checked_sub(1).ok_or(Difference::TooMuch)?;
        match read {
            Shape::Reference(name) => self.admits(constant, named(self.read, name), depth),
            Shape::OneOf(shapes) => {
                for shape in shapes {
                    if self.admits(constant, shape, depth)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Shape::Constants(known) => Ok(known.contains(constant)),
            other => Ok(fits_kind(&constant.kind(), other)),
        }
    }

    fn objects(&mut self, written: &'c Object, read: &'c Object, depth: usize) -> Fits<'c> {
        self.pay(written.fields.len() + read.fields.len())?;
        for (name, field) in &read.fields {
            let found = match (written.fields.get(name), &written.others) {
                (Some(sent), _) if field.required && !sent.required => Err(Difference::MaybeMissing.into()),
                (Some(sent), _) => self.fits(&sent.shape, &field.shape, depth),
                (None, _) if field.required => Err(Difference::Missing.into()),
                (None, Others::Of(shape)) => self.fits(shape, &field.shape, depth),
                (None, _) => Ok(()),
            };
            found.map_err(|found| found.at(Step::Field(name)))?;
        }
        let mut unknown = written.fields.iter().filter(|(name, _)| !read.fields.contains_key(*name));
        match (&read.others, &written.others) {
            (Others::Ignored, _) => Ok(()),
            (Others::Refused, others) => match (unknown.next(), others) {
                (Some((name, _)), _) => Err(Found::from(Difference::Unknown).at(Step::Field(name))),
                (None, Others::Of(_)) => Err(Difference::UnknownOthers.into()),
                (None, _) => Ok(()),
            },
            (Others::Of(shape), others) => {
                for (name, field) in unknown {
                    self.fits(&field.shape, shape, depth).map_err(|found| found.at(Step::Field(name)))?;
                }
                match others {
                    Others::Of(sent) => self.fits(sent, shape, depth).map_err(|found| found.at(Step::Entry)),
                    _ => Ok(()),
                }
            }
        }
    }
}

/// A type by its name; a contract has all that it refers to.
fn named<'c>(types: &'c Types, name: &str) -> &'c Shape {
    types.get(name).unwrap_or(&Shape::Any)
}

fn holds_constants(shape: &Shape) -> bool {
    match shape {
        Shape::Constants(_) => true,
        Shape::OneOf(shapes) => shapes.iter().any(|shape| matches!(shape, Shape::Constants(_) | Shape::Reference(_))),
        _ => false,
    }
}

/// Whether every value of one plain shape is one of the other.
fn fits_kind(written: &Shape, read: &Shape) -> bool {
    match (written, read) {
        (_, Shape::Any) | (Shape::Integer, Shape::Number) => true,
        (
            Shape::Null | Shape::Bool | Shape::Integer | Shape::Number | Shape::Text,
            Shape::Null | Shape::Bool | Shape::Integer | Shape::Number | Shape::Text,
        ) => written == read,
        _ => false,
    }
}
