//! Reading a request's parameters: every one is checked, and all that is wrong is said at once.

use crate::{
    model::{self, FieldError},
    problem::Error,
};
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::Serialize;

/// The query of a request, taken apart parameter by parameter.
#[derive(Debug)]
pub struct Params {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Params {
    fn new(query: &str) -> Self {
        Self { pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), errors: Vec::new() }
    }

    /// The values given for `name`, which no one else will see.
    fn take(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(given, _)| given == name);
        self.pairs = left;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// Notes what is wrong with a parameter.
    pub fn refuse(&mut self, field: &str, detail: impl ToString) {
        self.errors.push(FieldError { field: field.to_owned(), detail: detail.to_string() });
    }

    fn parse<T, E: ToString>(&mut self, name: &str, value: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        parse(value).map_err(|error| self.refuse(name, error)).ok()
    }

    /// A parameter that can be given once.
    pub fn one<T, E: ToString>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        match self.take(name).as_slice() {
            [] => None,
            [value] => self.parse(name, value, parse),
            _ => {
                self.refuse(name, "can be given only once");
                None
            }
        }
    }

    /// A parameter that can be given several times, and with several values between commas.
    pub fn many<T, E: ToString>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
        let values = self.take(name);
        values.iter().flat_map(|value| value.split(',')).filter_map(|value| self.parse(name, value, &parse)).collect()
    }

    fn finish(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            if !self.errors.iter().any(|error| error.field == name) {
                self.refuse(&name, "is not a parameter of this path");
            }
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Error::InvalidParameters(self.errors)) }
    }
}

/// Something that a query describes.
pub trait FromParams {
    /// Takes its parameters, and leaves what is wrong with them in `params`.
    fn from_params(params: &mut Params) -> Self;
}

/// No parameters.
impl FromParams for () {
    fn from_params(_: &mut Params) -> Self {}
}

/// Two parts of one query.
impl<A: FromParams, B: FromParams> FromParams for (A, B) {
    fn from_params(params: &mut Params) -> Self {
        (A::from_params(params), B::from_params(params))
    }
}

/// The query of a request. Whatever it does not know is refused: a misspelt filter would show rows nobody asked for.
#[derive(Debug)]
pub struct Parsed<T>(pub T);

impl<S: Sync, T: FromParams> FromRequestParts<S> for Parsed<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let mut params = Params::new(parts.uri.query().unwrap_or_default());
        let value = T::from_params(&mut params);
        params.finish()?;
        Ok(Self(value))
    }
}

/// Something that a path names.
pub trait FromSegment: Sized {
    /// Reads it from its part of the path.
    ///
    /// # Errors
    /// What the caller is told.
    fn from_segment(segment: &str) -> Result<Self, Error>;
}

/// The one variable part of a path.
#[derive(Debug)]
pub struct Segment<T>(pub T);

impl<S: Send + Sync, T: FromSegment> FromRequestParts<S> for Segment<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        // Axum refuses only what is not UTF-8, and that names nothing.
        let Path(segment) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::UnknownPath)?;
        T::from_segment(&segment).map(Self)
    }
}

/// The text, if it is the name of one of `values`. Names are the same in JSON and in the database.
///
/// # Errors
/// A sentence that lists the names.
pub fn name_among<T: Copy + Serialize>(values: &[T], text: &str) -> Result<String, String> {
    one_among(values, text).map(|_| text.to_owned())
}

/// The one of `values` that has the text as its name.
///
/// # Errors
/// A sentence that lists the names.
pub fn one_among<T: Copy + Serialize>(values: &[T], text: &str) -> Result<T, String> {
    let names = || values.iter().filter_map(model::name_of);
    let found = values.iter().find(|value| model::name_of(value).is_some_and(|name| name == text));
    found.copied().ok_or_else(|| format!("must be one of {}", names().collect::<Vec<_>>().join(", ")))
}

/// Whether a text says yes or no.
///
/// # Errors
/// A sentence.
pub fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    text.parse().map_err(|_| "must be true or false")
}
