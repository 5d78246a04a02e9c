//! Where things are when nobody says: the memory and the prompt's history.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::error::{CommandError, Doing};

/// The environment variable that names the memory.
pub(crate) const MEMORY_VARIABLE: &str = "DHAKIRA_MEMORY";

const FOLDER: &str = "dhakira";
const MEMORY_NAME: &str = "memory.dhakira";
const HISTORY_NAME: &str = "history.txt";

/// The memory of this user: `$DHAKIRA_MEMORY`, else `memory.dhakira` in the user's data folder (`$XDG_DATA_HOME` or
/// `~/.local/share`). An empty variable counts as unset.
pub(crate) fn default_memory() -> Result<PathBuf, CommandError> {
    match std::env::var_os(MEMORY_VARIABLE).filter(|value| !value.is_empty()) {
        Some(path) => Ok(path.into()),
        None => Ok(data_folder()?.join(MEMORY_NAME)),
    }
}

/// Where the prompt keeps the lines it was given: `$XDG_STATE_HOME` or `~/.local/state`.
pub(crate) fn prompt_history() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join(FOLDER).join(HISTORY_NAME))
}

fn data_folder() -> Result<PathBuf, CommandError> {
    let strategy = etcetera::choose_base_strategy()
        .doing(|| "can't tell where your memory is".into())
        .map_err(|e| e.hint(format!("name it with --memory FILE or {MEMORY_VARIABLE}")))?;
    Ok(strategy.data_dir().join(FOLDER))
}
