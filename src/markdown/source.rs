//! Text gathered from several events, with the way back to the file: knows offsets; knows nothing of Markdown.

use super::Range;

/// A stretch of gathered text, and the source that it came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Where it begins in the gathered text.
    pub at: usize,
    pub start: usize,
    pub end: usize,
}

/// Text events in a row. As long as they are neighbours in the source, nothing is copied.
#[derive(Default)]
pub(super) struct Pending {
    text: String,
    segments: Vec<Segment>,
    /// The source range while it is in one piece; `text` is then unused.
    piece: Option<(usize, usize)>,
}

/// Gathered text, taken out of a `Pending`.
pub(super) struct Gathered<'a> {
    source: &'a str,
    text: String,
    segments: Vec<Segment>,
    piece: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.piece.is_none() && self.segments.is_empty()
    }

    /// Adds the text that an event made of `source[start..end]`.
    pub(super) fn push(&mut self, source: &str, text: &str, start: usize, end: usize) {
        let as_written = end - start == text.len()
            && source
                .get(start..end)
                .is_some_and(|written| std::ptr::eq(written.as_ptr(), text.as_ptr()) || written == text);
        if as_written {
            match &mut self.piece {
                Some((_, last)) if *last == start => {
                    *last = end;
                    return;
                }
                None if self.segments.is_empty() => {
                    self.piece = Some((start, end));
                    return;
                }
                _ => {}
            }
        }
        if let Some((start, end)) = self.piece.take() {
            self.text.push_str(&source[start..end]);
            self.segments.push(Segment { at: 0, start, end });
        }
        let at = self.text.len();
        self.text.push_str(text);
        match self.segments.last_mut() {
            Some(last) if as_written && last.end == start && last.end - last.start == at - last.at => last.end = end,
            _ => self.segments.push(Segment { at, start, end }),
        }
    }

    /// Empties this, to be handed back with [`Pending::reuse`].
    pub(super) fn take<'a>(&mut self, source: &'a str) -> Gathered<'a> {
        let mut segments = std::mem::take(&mut self.segments);
        let piece = self.piece.take();
        if let Some((start, end)) = piece {
            segments.push(Segment { at: 0, start, end });
        }
        Gathered { source, text: std::mem::take(&mut self.text), segments, piece: piece.is_some() }
    }

    /// Keeps the buffers of a text that is done with.
    pub(super) fn reuse(&mut self, gathered: Gathered) {
        self.text = gathered.text;
        self.text.clear();
        self.segments = gathered.segments;
        self.segments.clear();
    }
}

impl Gathered<'_> {
    pub(super) fn text(&self) -> &str {
        match self.segments.first() {
            Some(piece) if self.piece => &self.source[piece.start..piece.end],
            _ => &self.text,
        }
    }

    /// The source range of `text()[start..end]`, without the base.
    pub(super) fn range(&self, start: usize, end: usize) -> Range {
        let first = self.locate(start);
        let last = match self.segment(end.saturating_sub(1)) {
            Some(segment) if end > start => (segment.start + (end - segment.at)).min(segment.end),
            _ => first,
        };
        Range { start: to_u32(first), end: to_u32(last.max(first)) }
    }

    /// Whether a backslash before the character at this place takes its meaning away.
    pub(super) fn is_escaped(&self, at: usize) -> bool {
        self.segment(at).is_some_and(|segment| {
            segment.at == at && segment.start > 0 && self.source.as_bytes()[segment.start - 1] == b'\\'
        })
    }

    fn locate(&self, at: usize) -> usize {
        self.segment(at).map_or(0, |segment| (segment.start + (at - segment.at)).min(segment.end))
    }

    fn segment(&self, at: usize) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.at <= at);
        self.segments.get(after.checked_sub(1)?)
    }
}

/// Offsets are 32 bits wide; a file of more than 4 GiB has none worth showing.
pub(super) fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
