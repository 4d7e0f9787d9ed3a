//! Scripts that move the source files into one folder per cluster: one for a POSIX shell, one for PowerShell.
//!
//! They are run in the folder that contains the dropped folder. They never overwrite a file: a file that does not exist, or
//! whose destination exists, is skipped and reported. Quoting ensures that no name is taken for an option, a pattern or a
//! command, and paths that lead out of the folder are skipped.
//!
//! Sources: POSIX.1-2024, "Shell Command Language", section 2.2.2, for quoting; Microsoft's
//! `CodeGeneration.EscapeSingleQuotedStringContent` for PowerShell, where typographic quotes also end a string.

use super::plan::Placed;

const SH_START: &str = r#"#!/bin/sh
# Moves pictures into one folder per group.
# Run this in the folder that contains your folder of pictures. Nothing is overwritten.
skip() {
    printf 'skipped, %s: %s\n' "$1" "$2" >&2
    skipped=$((skipped + 1))
}
place() {
    if [ ! -f "$1" ]; then
        skip 'not found' "$1"
    elif [ -e "$2/$3" ] || [ -L "$2/$3" ]; then
        skip 'destination exists' "$1"
    elif mkdir -p "$2" && mv "$1" "$2/$3"; then
        moved=$((moved + 1))
    else
        skip 'cannot be moved' "$1"
    fi
}
moved=0
skipped=0
"#;

const SH_END: &str = r#"printf '%s moved, %s skipped\n' "$moved" "$skipped"
[ "$skipped" -eq 0 ]
"#;

// The .NET functions are used because PowerShell's own take brackets for patterns.
const POWERSHELL_START: &str = r#"# Moves pictures into one folder per group.
# Run this in the folder that contains your folder of pictures. Nothing is overwritten.
$here = (Get-Location).ProviderPath
$script:moved = 0
$script:skipped = 0
function Skip-Picture($reason, $path) {
    Write-Host "skipped, ${reason}: $path"
    $script:skipped++
}
function Move-Picture($path, $folder, $name) {
    $from = [IO.Path]::Combine($here, $path)
    $folder = [IO.Path]::Combine($here, $folder)
    $to = [IO.Path]::Combine($folder, $name)
    if (-not [IO.File]::Exists($from)) {
        Skip-Picture 'not found' $path
    } elseif ([IO.File]::Exists($to) -or [IO.Directory]::Exists($to)) {
        Skip-Picture 'destination exists' $path
    } else {
        try {
            [void][IO.Directory]::CreateDirectory($folder)
            [IO.File]::Move($from, $to)
            $script:moved++
        } catch {
            Skip-Picture 'cannot be moved' $path
        }
    }
}
"#;

const POWERSHELL_END: &str = "Write-Host \"$script:moved moved, $script:skipped skipped\"\n";

/// A POSIX shell script that moves each file to its place, in UTF-8 with LF line endings.
///
/// The script's exit status is 1 if a file was skipped. Files that are already in place are left out.
pub fn sh_script(placed: &[Placed]) -> String {
    let mut script = SH_START.to_owned();
    for step in steps(placed) {
        script.push_str(&match step {
            Step::Place { path, folder, name } => {
                format!("place {} {} {}\n", sh_quoted(&path), sh_quoted(&folder), sh_quoted(name))
            }
            Step::Skip { path } => format!("skip {} {}\n", sh_quoted(OUTSIDE), sh_quoted(path)),
        });
    }
    script + SH_END
}

/// A PowerShell script that moves each file to its place, with CR LF line endings and in UTF-8 with a byte-order mark, without
/// which Windows PowerShell assumes another encoding.
///
/// Files that are already in place are left out.
pub fn powershell_script(placed: &[Placed]) -> String {
    let mut script = format!("\u{feff}{}", POWERSHELL_START.replace('\n', "\r\n"));
    let quoted = powershell_quoted;
    for step in steps(placed) {
        script.push_str(&match step {
            Step::Place { path, folder, name } => {
                format!("Move-Picture {} {} {}\r\n", quoted(&path), quoted(&folder), quoted(name))
            }
            Step::Skip { path } => format!("Skip-Picture {} {}\r\n", quoted(OUTSIDE), quoted(path)),
        });
    }
    script + &POWERSHELL_END.replace('\n', "\r\n")
}

/// The reason for skipping a file whose path leads out of the folder.
const OUTSIDE: &str = "outside this folder";

/// What a script does with a file.
enum Step<'a> {
    Place { path: String, folder: String, name: &'a str },
    Skip { path: &'a str },
}

fn steps(placed: &[Placed]) -> impl Iterator<Item = Step<'_>> {
    placed.iter().filter(|Placed { path, entry_name }| path != entry_name).map(|Placed { path, entry_name }| {
        if path.split(['/', '\\']).any(|part| part == "..") {
            return Step::Skip { path };
        }
        let (folder, name) = entry_name.rsplit_once('/').unwrap_or((".", entry_name));
        // With this prefix, a path is neither an option nor absolute.
        Step::Place { path: format!("./{path}"), folder: format!("./{folder}"), name }
    })
}

/// Quotes a word for a POSIX shell: within single quotes, every character but the single quote is literal.
fn sh_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Quotes a string for PowerShell: within single quotes, a straight or typographic single quote is escaped by doubling it.
fn powershell_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}
