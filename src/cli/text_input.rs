//! Running text from files and stdin.

use std::path::Path;

use super::error::CommandError;
use crate::format::Input;

/// The text of a file, decompressed and decoded; of stdin for `-`.
pub(crate) fn read_text(path: &Path) -> Result<String, CommandError> {
    let input = if path == Path::new("-") {
        Input::stdin()?
    } else {
        Input::open(path)?
    };
    Ok(input.read_to_string()?)
}
