//! What a JPEG, PNG or WebP file says of itself before a pixel is decoded; it does not look at the pixels.

use image::metadata::Orientation;

use super::{Format, Raster};

/// What walking through a file's segments or chunks tells.
#[derive(Debug, Default)]
struct Parts<'b> {
    /// Whether its end is there.
    whole: bool,
    /// Whether it moves.
    moves: bool,
    /// Whether it holds more than the picture: what a camera or a program noted, or bytes behind its end.
    notes: bool,
    /// TIFF data with the notes of a camera (Exif 3.0).
    exif: Option<&'b [u8]>,
}

/// Reads the header; `None` for what is no such file, or says nothing of its size.
pub fn read(bytes: &[u8]) -> Option<Raster> {
    let (format, parts) = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => (Format::Jpeg, jpeg(bytes)),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => (Format::Png, png(bytes)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => (Format::WebP, webp(bytes)),
        _ => return None,
    };
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let orientation = parts.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let lies = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let (width, height) = if lies { (height, width) } else { (width, height) };
    let Parts { whole, moves, notes, .. } = parts;
    Some(Raster { format, width, height, whole, moves, notes })
}

/// Segments of a JPEG file (ITU T.81, annex B).
fn jpeg(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut at = 2;
    while let Some(marker) = marker(bytes, &mut at) {
        match marker {
            // End of image.
            0xD9 => {
                parts.whole = true;
                parts.notes |= at < bytes.len();
                break;
            }
            // What has no length.
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let Some(segment) = segment(bytes, &mut at) else { break };
        match marker {
            0xE1 if segment.starts_with(b"Exif\0\0") => {
                parts.notes = true;
                parts.exif = parts.exif.or(Some(&segment[6..]));
            }
            // JFIF, a colour profile, and how the colours are coded.
            0xE0 | 0xEE => {}
            0xE2 if segment.starts_with(b"ICC_PROFILE\0") => {}
            0xE1..=0xEF | 0xFE => parts.notes = true,
            _ => {}
        }
    }
    parts
}

/// The next marker, and `at` behind it. Between segments there is nothing but them; coded pixels hide their own `FF`.
fn marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        *at += bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)? + 1;
        match *bytes.get(*at)? {
            // Padding, or a byte of the pixels.
            0xFF => {}
            0x00 => *at += 1,
            marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}

/// A segment's content, and `at` behind it.
fn segment<'b>(bytes: &'b [u8], at: &mut usize) -> Option<&'b [u8]> {
    let len = usize::from(u16::from_be_bytes(*bytes.get(*at..)?.first_chunk()?));
    let content = bytes.get(*at + 2..*at + len)?;
    *at += len;
    Some(content)
}

/// Chunks of a PNG file (W3C PNG 3, section 5).
fn png(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut rest = &bytes[8..];
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some((content, after)) = after.split_at_checked(len) else { break };
        // Behind the content there are four bytes of a checksum.
        let Some(after) = after.get(4..) else { break };
        match &head[4..] {
            b"acTL" => parts.moves = true,
            b"eXIf" => {
                parts.notes = true;
                parts.exif = Some(content);
            }
            b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" => parts.notes = true,
            b"IEND" => {
                parts.whole = true;
                parts.notes |= !after.is_empty();
                break;
            }
            _ => {}
        }
        rest = after;
    }
    parts
}

/// Chunks of a WebP file (RFC 9649, section 2).
fn webp(bytes: &[u8]) -> Parts<'_> {
    let len = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
    let end = len.saturating_add(8);
    let mut parts = Parts { whole: end <= bytes.len(), notes: end < bytes.len(), ..Parts::default() };
    let mut rest = &bytes[12..end.clamp(12, bytes.len())];
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let len = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let Some((content, after)) = after.split_at_checked(len) else { break };
        match &head[..4] {
            b"ANIM" => parts.moves = true,
            b"EXIF" => {
                parts.notes = true;
                parts.exif = Some(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
            }
            b"XMP " => parts.notes = true,
            _ => {}
        }
        rest = after.get(len % 2..).unwrap_or_default();
    }
    parts
}
