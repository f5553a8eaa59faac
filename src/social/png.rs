//! PNG files of four colours (W3C PNG, third edition), written without ever setting a pixel: what a row of a word adds to the
//! compressed file is found out once, and put in again wherever the word stands. It knows bytes and bits, not what they show.

use std::sync::LazyLock;

/// How a row says that it is told by its difference from the one above.
const UP: u8 = 2;

/// Bytes that no row's codes are longer than, nor those of a whole picture of rows that are like the one above.
const ROW: usize = 4096;

/// Bytes by which the buffer of a file grows beyond that.
const BUFFER: usize = 8192;

/// Of the checksum (RFC 1950, 9).
const MODULUS: u64 = 65521;

/// The third of the four colours, four times.
const THIRD: u8 = 0xAA;

/// What every file of this size and these colours begins with; two bits a pixel, from `background` to `ink`.
pub(super) fn head(width: usize, height: usize, background: [u8; 3], ink: [u8; 3]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let [width, height] = [width, height].map(|n| (n as u32).to_be_bytes());
    // Two bits a pixel, indices into a palette.
    chunk(&mut out, b"IHDR", &[&width[..], &height, &[2, 3, 0, 0, 0]].concat());
    let mixed = |part: u16| {
        let of = |at: usize| (u16::from(background[at]) * (3 - part) + u16::from(ink[at]) * part + 1) / 3;
        [0, 1, 2].map(|at| of(at) as u8)
    };
    chunk(&mut out, b"PLTE", [0, 1, 2, 3].map(mixed).as_flattened());
    out
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend_from_slice(name);
    out.extend_from_slice(data);
    let crc = crc32fast::hash(&out[start..]);
    out.extend_from_slice(&crc.to_be_bytes());
}

/// Up to 56 bits, the first one lowest, and in the highest eight how many they are.
#[derive(Clone, Copy, Default, Debug)]
struct Code(u64);

impl Code {
    const LONGEST: u32 = 56;

    const fn new(bits: u64, len: u32) -> Code {
        Code(bits | (len as u64) << Code::LONGEST)
    }

    fn bits(self) -> u64 {
        self.0 & ((1 << Code::LONGEST) - 1)
    }

    fn len(self) -> u32 {
        (self.0 >> Code::LONGEST) as u32
    }

    fn then(self, next: Code) -> Code {
        Code::new(self.bits() | next.bits() << self.len(), self.len() + next.len())
    }
}

/// What the rows of something tell of their difference from the row above, as it is compressed.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Those that differ, and their numbers.
    rows: Vec<Row>,
    numbers: Vec<u16>,
    /// The codes of all that are not in the rows themselves, as many as fit together.
    codes: Vec<Code>,
    /// How many there are, with those that do not differ.
    height: usize,
}

/// A row; small, because there are a thousand in a picture, and memory is what takes time.
#[derive(Debug)]
struct Row {
    place: Place,
    /// Sums for the checksum, reduced: of its bytes, and of them weighed by how many come after each, itself included.
    sum: u16,
    weighed: u16,
    /// Its first codes, with room for a gap before them.
    code: Code,
}

/// Three numbers below 1024, 1024 and 4096: zeros before a row's first byte that is not zero; bytes from that to its last; how
/// many codes it has beside its first, which stand after those of the row above.
#[derive(Clone, Copy, Debug)]
struct Place(u32);

impl Place {
    fn new(lead: usize, len: usize, more: usize) -> Place {
        Place((lead & 1023) as u32 | ((len & 1023) as u32) << 10 | ((more & 4095) as u32) << 20)
    }

    fn lead(self) -> usize {
        (self.0 & 1023) as usize
    }

    fn len(self) -> usize {
        (self.0 >> 10 & 1023) as usize
    }

    fn more(self) -> usize {
        (self.0 >> 20) as usize
    }
}

impl Rows {
    /// Of pixels, four to a byte; and of the row below the last, where nothing is any more.
    pub(super) fn of(bytes: &[u8], stride: usize) -> Rows {
        let mut rows = Rows::default();
        let blank = vec![0; stride];
        let (mut told, mut above) = (blank.clone(), blank.as_slice());
        if stride > 0 {
            for own in bytes.chunks_exact(stride).chain([blank.as_slice()]) {
                told.iter_mut().zip(own).zip(above).for_each(|((out, own), above)| *out = own.wrapping_sub(*above));
                rows.add(&told);
                above = own;
            }
        }
        rows
    }

    fn add(&mut self, row: &[u8]) {
        let is_told = |byte: &u8| *byte != 0;
        let (number, start) = (self.height as u16, self.codes.len());
        self.height += 1;
        let Some(first) = row.iter().position(is_told) else { return };
        let end = row.iter().rposition(is_told).map_or(first, |last| last + 1);
        let told = &row[first..end];
        let (mut zeros, mut held) = (0, Code::default());
        let (mut sum, mut weighed) = (0, 0);
        let mut code = None;
        let mut put = |next: Code| {
            let most = if code.is_none() { Code::LONGEST - Codes::LONGEST_GAP } else { Code::LONGEST };
            if held.len() + next.len() > most {
                match code {
                    None => code = Some(held),
                    Some(_) => self.codes.push(held),
                }
                held = Code::default();
            }
            held = held.then(next);
        };
        for (at, byte) in told.iter().enumerate() {
            if *byte == 0 {
                zeros += 1;
                continue;
            }
            sum += u64::from(*byte);
            weighed += u64::from(*byte) * (told.len() - at) as u64;
            if zeros > 0 {
                CODES.gap(std::mem::take(&mut zeros), &mut put);
            }
            put(CODES.literals[usize::from(*byte)]);
        }
        if code.is_some() {
            self.codes.push(held);
        }
        let place = Place::new(first, told.len(), self.codes.len() - start);
        let [sum, weighed] = [sum, weighed].map(|sum| (sum % MODULUS) as u16);
        self.rows.push(Row { place, sum, weighed, code: code.unwrap_or(held) });
        self.numbers.push(number);
    }

    /// How many bytes of memory it takes.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.rows) + size_of_val(&*self.numbers) + size_of_val(&*self.codes)
    }
}

/// Something that stands in a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'r> {
    /// The byte of a row in which it begins.
    pub(super) left: usize,
    /// Its first row.
    pub(super) top: usize,
    pub(super) rows: &'r Rows,
}

/// The end of a file that is being written; what the buffer holds after it means nothing.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Where the next whole byte goes.
    at: usize,
    /// Bits that are not yet a whole byte, the first one lowest.
    bits: u64,
    count: u32,
}

impl End {
    /// Each takes less than eight bytes, for which there must be room.
    #[inline(always)]
    fn put(&mut self, code: Code, out: &mut [u8]) {
        self.bits |= code.bits() << self.count;
        self.count += code.len();
        if let Some(next) = out.get_mut(self.at..).and_then(|rest| rest.first_chunk_mut::<8>()) {
            *next = self.bits.to_le_bytes();
        }
        self.at += (self.count / 8) as usize;
        self.bits >>= self.count & !7;
        self.count &= 7;
    }
}

/// A file that is being written, from its first row to its last.
///
/// Its compressed part is a zlib stream (RFC 1950) of one block with codes of its own (RFC 1951, 3.2.7), the same for all files:
/// a run of zeros is a zero and a copy of the byte before, rows like the one above are a copy of that, all else is itself.
pub(super) struct Picture<'o> {
    out: &'o mut Vec<u8>,
    /// Where its compressed part begins in that.
    start: usize,
    now: State,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Bytes in a row.
    stride: usize,
    /// Rows.
    height: usize,
    /// The row that comes next.
    next: usize,
    end: End,
    /// Zeros that are not yet told of.
    zeros: usize,
    /// Adler-32, not yet reduced: a picture's sums fit.
    a: u64,
    b: u64,
}

/// The beginning of a file, from which many can go on.
#[derive(Debug)]
pub(super) struct Begun {
    bytes: Vec<u8>,
    start: usize,
    now: State,
}

impl Begun {
    /// Adds it to a buffer.
    pub(super) fn resume<'o>(&self, out: &'o mut Vec<u8>) -> Picture<'o> {
        let base = out.len();
        out.extend_from_slice(&self.bytes);
        let end = End { at: base + self.now.end.at, ..self.now.end };
        let mut picture = Picture { out, start: base + self.start, now: State { end, ..self.now } };
        picture.make_room();
        picture
    }
}

impl<'o> Picture<'o> {
    /// Adds a picture to a buffer. A bar of the third colour, this many pixels across, goes down its left edge.
    pub(super) fn new(out: &'o mut Vec<u8>, head: &[u8], [width, height]: [usize; 2], bar: usize) -> Picture<'o> {
        out.extend_from_slice(head);
        let start = out.len();
        out.extend_from_slice(b"\0\0\0\0IDAT\x78\x01");
        let stride = width / 4;
        let end = End { at: out.len(), bits: 0, count: 0 };
        let now = State { stride, height, next: 1, end, zeros: 0, a: 1, b: 0 };
        let mut picture = Picture { out, start, now };
        picture.make_room();
        CODES.header.iter().for_each(|code| picture.put(*code));
        // The first row is told as it is.
        picture.byte(0);
        (0..bar / 4).for_each(|_| picture.byte(THIRD));
        picture.zeros(stride - bar / 4);
        picture
    }

    /// The row that comes next.
    pub(super) fn row(&self) -> usize {
        self.now.next
    }

    /// Puts things beside one another, from left to right, of which no two share a byte; those between them and what is above
    /// are like that.
    pub(super) fn put_beside(&mut self, parts: &[Part<'_>]) {
        let Some(top) = parts.iter().map(|part| part.top).min() else { return };
        let bottom = parts.iter().map(|part| part.top + part.rows.height).max().unwrap_or(top);
        // Row by row, a bit for each part that differs there.
        let chunks = parts.len().div_ceil(64);
        let mut differ = vec![0u64; (bottom - top) * chunks];
        for (at, part) in parts.iter().enumerate() {
            for row in &part.rows.numbers {
                differ[(part.top - top + usize::from(*row)) * chunks + at / 64] |= 1 << (at % 64);
            }
        }
        let mut rest: Vec<Rest<'_>> = parts
            .iter()
            .map(|part| Rest { left: part.left, rows: part.rows.rows.iter(), codes: &part.rows.codes })
            .collect();
        let known = &*CODES;
        let mut now = self.now;
        for (y, bits) in (top..self.now.height).zip(differ.chunks_exact(chunks)) {
            if bits.iter().all(|bits| *bits == 0) {
                continue;
            }
            if now.next < y || now.end.at + ROW > self.out.len() {
                self.now = now;
                self.like_above(y);
                self.make_room();
                now = self.now;
            }
            let mut line = Line { known, out: self.out, at: 0, end: now.end, a: now.a, b: now.b };
            line.put(now.zeros, known.literals[usize::from(UP)], &[]);
            line.b += line.a * now.zeros as u64;
            line.a += u64::from(UP);
            line.b += line.a;
            for (bits, rest) in bits.iter().zip(rest.chunks_mut(64)) {
                let mut bits = *bits;
                while bits != 0 {
                    line.row(&mut rest[bits.trailing_zeros() as usize]);
                    bits &= bits - 1;
                }
            }
            now.zeros = now.stride - line.at;
            (now.end, now.a, now.b, now.next) = (line.end, line.a, line.b, y + 1);
        }
        self.now = now;
    }

    /// Rows up to this one are like the one above.
    fn like_above(&mut self, y: usize) {
        let rows = y.saturating_sub(self.now.next);
        self.now.next += rows;
        if rows > 0 {
            self.byte(UP);
            self.zeros(self.now.stride);
        }
        if rows > 1 {
            self.flush();
            self.make_room();
            let row = self.now.stride as u64 + 1;
            for _ in 1..rows {
                self.now.a += u64::from(UP);
                self.now.b += self.now.a * row;
            }
            self.copies((rows - 1) * (self.now.stride + 1));
        }
    }

    /// For the codes of a row at least.
    fn make_room(&mut self) {
        let most = self.now.end.at + ROW;
        if self.out.len() < most {
            self.out.resize(most + BUFFER, 0);
        }
    }

    fn put(&mut self, code: Code) {
        self.now.end.put(code, self.out);
    }

    fn zeros(&mut self, count: usize) {
        self.now.zeros += count;
    }

    fn byte(&mut self, byte: u8) {
        self.flush();
        self.now.a += u64::from(byte);
        self.now.b += self.now.a;
        self.put(CODES.literals[usize::from(byte)]);
    }

    fn flush(&mut self) {
        let count = std::mem::take(&mut self.now.zeros);
        self.now.b += self.now.a * count as u64;
        CODES.gap(count, |code| self.put(code));
    }

    /// So many bytes as they are in the row above.
    fn copies(&mut self, mut count: usize) {
        // The second of the two distances: from 257 on, with seven more bits (RFC 1951, 3.2.5).
        let distance = Code::new(1 | (self.now.stride as u64 + 1 - 257) << 1, 8);
        while count > 0 {
            let part = part(count);
            self.put(CODES.copies[part].then(distance));
            count -= part;
        }
    }

    /// It as far as it has come.
    pub(super) fn pause(self) -> Begun {
        Begun { bytes: self.out[..self.now.end.at].to_vec(), start: self.start, now: self.now }
    }

    /// Ends it.
    pub(super) fn finish(mut self) {
        self.like_above(self.now.height);
        self.flush();
        // The last byte is filled up with zeros.
        self.put(CODES.end);
        self.put(Code::new(0, 7));
        self.out.truncate(self.now.end.at);
        let adler = ((self.now.b % MODULUS) as u32) << 16 | (self.now.a % MODULUS) as u32;
        self.out.extend_from_slice(&adler.to_be_bytes());
        let len = (self.out.len() - self.start - 8) as u32;
        self.out[self.start..self.start + 4].copy_from_slice(&len.to_be_bytes());
        let crc = crc32fast::hash(&self.out[self.start + 4..]);
        self.out.extend_from_slice(&crc.to_be_bytes());
        chunk(self.out, b"IEND", &[]);
    }
}

/// A row that is being written, as far as it has come.
struct Line<'l> {
    known: &'l Codes,
    out: &'l mut [u8],
    /// The byte of the row that comes next.
    at: usize,
    end: End,
    a: u64,
    b: u64,
}

impl Line<'_> {
    /// So many zeros, and codes after them.
    #[inline(always)]
    fn put(&mut self, zeros: usize, code: Code, more: &[Code]) {
        match self.known.gaps.get(zeros) {
            Some(gap) => self.end.put(gap.then(code), self.out),
            None => {
                self.known.gap(zeros, |code| self.end.put(code, self.out));
                self.end.put(code, self.out);
            }
        }
        for code in more {
            self.end.put(*code, self.out);
        }
    }

    /// The next row of something.
    #[inline(always)]
    fn row(&mut self, of: &mut Rest<'_>) {
        let Some(Row { place, sum, weighed, code }) = of.rows.next() else { return };
        let begins = of.left + place.lead();
        let zeros = begins - self.at;
        let (more, rest) = of.codes.split_at_checked(place.more()).unwrap_or_default();
        of.codes = rest;
        self.put(zeros, *code, more);
        self.b += self.a * (zeros + place.len()) as u64 + u64::from(*weighed);
        self.a += u64::from(*sum);
        self.at = begins + place.len();
    }
}

/// What is left of something while it is put into a file.
struct Rest<'r> {
    left: usize,
    rows: std::slice::Iter<'r, Row>,
    codes: &'r [Code],
}

/// The longest copy of so many bytes or less after which no rest is too short to be a copy.
fn part(count: usize) -> usize {
    if count > 258 && count < 261 { 255 } else { count.min(258) }
}

/// The codes of a block.
struct Codes {
    /// What the block begins with.
    header: Vec<Code>,
    literals: [Code; 256],
    end: Code,
    /// Copies of so many bytes, without a distance; from 3 on.
    copies: [Code; 259],
    /// So many zeros after something else.
    gaps: [Code; 260],
}

static CODES: LazyLock<Codes> = LazyLock::new(|| Codes::new(&LENGTHS));

impl Codes {
    /// How many bits the code of a gap has at most, of those that are one code.
    const LONGEST_GAP: u32 = LENGTHS[0] as u32 + 12 + 5 + 1;

    /// The first of the two distances: the byte before.
    const BEFORE: Code = Code::new(0, 1);

    /// The canonical codes of these lengths (RFC 1951, 3.2.2), by symbol.
    fn new(lengths: &[u8; 286]) -> Codes {
        let mut codes = [Code::default(); 286];
        let mut next = 0u16;
        for len in 1..=15 {
            for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, of)| **of == len) {
                *code = Code::new((next.reverse_bits() >> (16 - len)).into(), len.into());
                next += 1;
            }
            next <<= 1;
        }
        let copies = std::array::from_fn(|count| {
            let at = RUNS.partition_point(|(from, _)| *from <= count).saturating_sub(1);
            let (from, extra) = RUNS[at];
            codes[257 + at].then(Code::new(count.saturating_sub(from) as u64, extra))
        });
        let gaps = std::array::from_fn(|count| match count {
            0..4 => (0..count).fold(Code::default(), |so_far, _| so_far.then(codes[0])),
            _ => codes[0].then(copies[count - 1]).then(Codes::BEFORE),
        });
        // The last block; 286 codes for bytes and copies, 17 for distances, of which two are used. Lengths are told in four bits
        // each: of the codes for lengths, those up to 15 have four bits, in the order in which RFC 1951 has them.
        let mut header = vec![Code::new(0b101, 3), Code::new(286 - 257, 5), Code::new(17 - 1, 5), Code::new(19 - 4, 4)];
        header.extend([0, 0, 0].map(|len| Code::new(len, 3)));
        header.extend([4; 16].map(|len| Code::new(len, 3)));
        let distances = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1u8];
        header.extend(lengths.iter().chain(&distances).map(|len| Code::new(u64::from(len.reverse_bits() >> 4), 4)));
        let literals = std::array::from_fn(|at| codes[at]);
        Codes { header, literals, end: codes[256], copies, gaps }
    }

    /// So many zeros after something else.
    #[inline(always)]
    fn gap(&self, count: usize, mut put: impl FnMut(Code)) {
        if let Some(code) = self.gaps.get(count) {
            return put(*code);
        }
        put(self.gaps[1]);
        let mut rest = count - 1;
        while rest > 0 {
            put(self.copies[part(rest)].then(Codes::BEFORE));
            rest -= part(rest);
        }
    }
}

/// The least length of each kind of copy, and how many bits tell how much longer it is (RFC 1951, 3.2.5).
const RUNS: [(usize, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// The lengths of the codes of all bytes, of the end and of copies, in bits: those that make the cards of this repository's
/// portal shortest (package-merge, at most 12).
const LENGTHS: [u8; 286] = [
    1, 5, 6, 10, 6, 8, 8, 9, 8, 9, 9, 10, 10, 12, 12, 12, 6, 12, 12, 12, 9, 10, 9, 11, 9, 11, 9, 10, 9, 10, 11, 12, 8,
    12, 12, 12, 10, 12, 12, 12, 11, 11, 11, 12, 12, 12, 11, 12, 9, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
    12, 10, 6, 10, 11, 12, 12, 12, 10, 11, 11, 12, 12, 12, 12, 12, 12, 12, 8, 11, 11, 12, 10, 7, 8, 10, 11, 12, 10, 10,
    10, 12, 12, 12, 8, 12, 12, 12, 11, 12, 12, 12, 11, 11, 10, 10, 11, 12, 10, 11, 8, 12, 12, 12, 10, 12, 12, 12, 12,
    11, 12, 12, 12, 12, 12, 11, 6, 10, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 11, 12, 12, 12, 8, 11, 10, 12, 10, 10,
    10, 12, 12, 12, 12, 12, 11, 12, 12, 12, 9, 12, 12, 12, 9, 10, 10, 12, 11, 10, 8, 8, 10, 12, 11, 11, 8, 12, 12, 12,
    11, 12, 12, 12, 11, 10, 10, 12, 12, 12, 11, 11, 6, 10, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 11, 12, 12, 12, 9,
    11, 11, 12, 12, 12, 12, 12, 11, 12, 12, 12, 10, 12, 12, 12, 8, 11, 11, 11, 10, 9, 10, 10, 10, 10, 10, 10, 9, 12,
    12, 12, 6, 12, 12, 12, 11, 10, 10, 10, 8, 9, 8, 8, 6, 10, 7, 5, 12, 6, 7, 7, 7, 8, 8, 8, 9, 8, 8, 8, 9, 7, 8, 9, 9,
    9, 9, 9, 11, 9, 10, 10, 10, 10, 11, 10, 10, 6,
];
