//! Binary PPM, the simplest of all picture formats: `P6`, width, height, 255, and three bytes a pixel.

use std::{fmt, str::FromStr};

pub(crate) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

/// What is wrong with a picture.
#[derive(Debug)]
pub(crate) struct NoPicture(&'static str);

impl fmt::Display for NoPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no binary PPM: {}", self.0)
    }
}

impl std::error::Error for NoPicture {}

impl Picture {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NoPicture> {
        let mut rest = bytes.strip_prefix(b"P6").ok_or(NoPicture("it does not begin with P6"))?;
        let mut number = || {
            rest = rest.trim_ascii_start();
            let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            rest = after;
            let digits = std::str::from_utf8(digits).ok();
            digits.and_then(|digits| usize::from_str(digits).ok()).ok_or(NoPicture("a number is missing"))
        };
        let (width, height, most) = (number()?, number()?, number()?);
        if width == 0 || height == 0 || most != 255 {
            return Err(NoPicture("it is empty, or has not 255 shades"));
        }
        // One blank stands before the pixels, whatever they are.
        let pixels = rest.get(1..).unwrap_or_default();
        let (pixels, _) = pixels.as_chunks::<3>();
        if Some(pixels.len()) != width.checked_mul(height) {
            return Err(NoPicture("it has not as many pixels as it says"));
        }
        Ok(Self { width, height, pixels: pixels.to_vec() })
    }

    /// As wide as `width` at most: of each block of pixels, the first.
    pub(crate) fn shrink(&self, width: usize) -> Self {
        let step = self.width.div_ceil(width.max(1)).max(1);
        let rows = (0..self.height).step_by(step);
        let pixels = rows.flat_map(|y| (0..self.width).step_by(step).map(move |x| self.pixels[y * self.width + x]));
        Self { pixels: pixels.collect(), width: self.width.div_ceil(step), height: self.height.div_ceil(step) }
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let head = format!("P6\n{} {}\n255\n", self.width, self.height);
        [head.as_bytes(), self.pixels.as_flattened()].concat()
    }
}
