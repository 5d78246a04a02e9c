//! A hash for what is kept in files: the same on every machine and in every version.

/// FNV-1a with 64 bits (Fowler, Noll, Vo). Against chance, not against malice.
///
/// ```
/// assert_eq!(dhakira::hash::fnv1a(*b"a"), 0xAF63_DC4C_8601_EC8C);
/// ```
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, step)
}
