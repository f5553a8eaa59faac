//! Decodes a picture once and encodes it as often as it is wanted; what cameras noted in it stays behind.

use std::io::Cursor;

use fast_image_resize as fir;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::{Format, MOST_PIXELS, Rendition};

/// Of JPEG renditions, 1 to 100: few see a difference to 100.
const JPEG_QUALITY: u8 = 80;

/// Of lossy WebP renditions, 0 to 100: as good as JPEG at 80.
const WEBP_QUALITY: f32 = 78.0;

/// How hard libwebp tries, 0 to 6: its default, half as fast as 2 and a tenth smaller.
const WEBP_METHOD: i32 = 4;

/// Why a picture cannot be encoded, as the end of a sentence.
#[derive(Debug)]
pub struct Broken(pub String);

impl<E: std::error::Error> From<E> for Broken {
    fn from(error: E) -> Self {
        Broken(error.to_string())
    }
}

/// Pixels: red, green and blue, with or without opacity.
enum Pixels {
    Opaque(RgbImage),
    Transparent(RgbaImage),
}

/// The picture in each of these renditions, in their order. The same bytes on every machine.
pub fn encode(bytes: &[u8], wanted: &[Rendition]) -> Result<Vec<Vec<u8>>, Broken> {
    let (mut pixels, is_lossless) = decode(bytes)?;
    // From the widest down, each from the one before.
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(wanted[*at]));
    order.sort_by_key(|at| std::cmp::Reverse(wanted[*at].width));
    let mut encoded = vec![Vec::new(); wanted.len()];
    for at in order {
        let rendition = wanted[at];
        pixels = pixels.scaled(rendition.width, rendition.height)?;
        encoded[at] = match rendition.format {
            Format::Jpeg => pixels.jpeg()?,
            Format::Png => pixels.png()?,
            Format::WebP => pixels.webp(is_lossless)?,
        };
    }
    Ok(encoded)
}

/// The pixels, upright and in the colours of sRGB, and whether the file has lost nothing of them.
fn decode(bytes: &[u8]) -> Result<(Pixels, bool), Broken> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 8);
    reader.limits(limits);
    let is_lossless = reader.format() == Some(image::ImageFormat::Png);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let profile = decoder.icc_profile()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    let mut pixels = match image.color().has_alpha() {
        true => Pixels::Transparent(image.into_rgba8()),
        false => Pixels::Opaque(image.into_rgb8()),
    };
    if let Some(profile) = profile {
        pixels.turn_to_srgb(&profile);
    }
    Ok((pixels, is_lossless))
}

impl Pixels {
    fn size(&self) -> (u32, u32) {
        match self {
            Pixels::Opaque(image) => image.dimensions(),
            Pixels::Transparent(image) => image.dimensions(),
        }
    }

    /// Colours by another profile would look wrong without it. One that cannot be read, or is of other colours than red,
    /// green and blue, was none to go by.
    fn turn_to_srgb(&mut self, profile: &[u8]) {
        let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
        let (layout, samples): (_, &mut [u8]) = match self {
            Pixels::Opaque(image) => (Layout::Rgb, image),
            Pixels::Transparent(image) => (Layout::Rgba, image),
        };
        let srgb = ColorProfile::new_srgb();
        let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()) else {
            return;
        };
        let before = samples.to_vec();
        if transform.transform(&before, samples).is_err() {
            samples.copy_from_slice(&before);
        }
    }

    /// The same picture in another size.
    fn scaled(self, width: u32, height: u32) -> Result<Pixels, Broken> {
        if self.size() == (width, height) {
            return Ok(self);
        }
        let (from_width, from_height) = self.size();
        let (kind, samples) = match self {
            Pixels::Opaque(image) => (fir::PixelType::U8x3, image.into_raw()),
            Pixels::Transparent(image) => (fir::PixelType::U8x4, image.into_raw()),
        };
        let from = fir::images::Image::from_vec_u8(from_width, from_height, samples, kind)?;
        let mut to = fir::images::Image::new(width, height, kind);
        fir::Resizer::new().resize(&from, &mut to, &fir::ResizeOptions::new())?;
        let samples = to.into_vec();
        let scaled = match kind {
            fir::PixelType::U8x3 => RgbImage::from_raw(width, height, samples).map(Pixels::Opaque),
            _ => RgbaImage::from_raw(width, height, samples).map(Pixels::Transparent),
        };
        scaled.ok_or_else(|| Broken("its pixels are not as many as it says".into()))
    }

    fn jpeg(&self) -> Result<Vec<u8>, Broken> {
        let mut out = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut out, JPEG_QUALITY);
        encoder.set_progressive(true);
        encoder.set_optimized_huffman_tables(true);
        let (width, height) = self.size();
        let (width, height) = (u16::try_from(width)?, u16::try_from(height)?);
        match self {
            Pixels::Opaque(image) => encoder.encode(image, width, height, jpeg_encoder::ColorType::Rgb)?,
            Pixels::Transparent(image) => encoder.encode(image, width, height, jpeg_encoder::ColorType::Rgba)?,
        }
        Ok(out)
    }

    fn png(&self) -> Result<Vec<u8>, Broken> {
        let mut out = Vec::new();
        let to = image::codecs::png::PngEncoder::new_with_quality(
            &mut out,
            image::codecs::png::CompressionType::Best,
            image::codecs::png::FilterType::Adaptive,
        );
        match self {
            Pixels::Opaque(image) => image.write_with_encoder(to)?,
            Pixels::Transparent(image) => image.write_with_encoder(to)?,
        }
        Ok(out)
    }

    /// Lossless where the original is and where that takes less room, as it does for lines and areas.
    fn webp(&self, is_lossless: bool) -> Result<Vec<u8>, Broken> {
        let lossy = self.webp_with(|config| config.quality = WEBP_QUALITY)?;
        if is_lossless {
            let lossless = self.webp_with(|config| config.lossless = 1)?;
            if lossless.len() <= lossy.len() {
                return Ok(lossless);
            }
        }
        Ok(lossy)
    }

    fn webp_with(&self, set: impl FnOnce(&mut webp::WebPConfig)) -> Result<Vec<u8>, Broken> {
        let (width, height) = self.size();
        let encoder = match self {
            Pixels::Opaque(image) => webp::Encoder::from_rgb(image, width, height),
            Pixels::Transparent(image) => webp::Encoder::from_rgba(image, width, height),
        };
        let mut config = webp::WebPConfig::new().map_err(|()| Broken("libwebp has no defaults".into()))?;
        config.method = WEBP_METHOD;
        set(&mut config);
        let encoded = encoder.encode_advanced(&config);
        Ok(encoded.map_err(|error| Broken(format!("libwebp says {error:?}")))?.to_vec())
    }
}
