//! The placeholder for an image without a thumbnail: a small drawing with the image's name.

use shoal::collection::file_name;
use shoal::escape::escaped;

/// The most characters of a line.
const LINE_CHARACTERS: usize = 18;
/// The most lines of a name that are shown.
const LINES: usize = 3;

/// An SVG with the last part of `path`, legible on light and dark pages.
pub fn placeholder_svg(path: &str) -> String {
    let name: Vec<char> = file_name(path).chars().collect();
    let lines: Vec<String> =
        name.chunks(LINE_CHARACTERS).take(LINES).map(|line| escaped(&line.iter().collect::<String>())).collect();
    let texts: String = lines
        .iter()
        .enumerate()
        .map(|(index, line)| format!("<text x='96' y='{}'>{line}</text>", 136 + 18 * index))
        .collect();
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 192 192' width='192' height='192'>\
         <rect width='192' height='192' fill='#8a94a3' fill-opacity='.28'/>\
         <g fill='none' stroke='#7c8796' stroke-width='5' stroke-linejoin='round'>\
         <rect x='56' y='34' width='80' height='64' rx='8'/><path d='M60 92l24-26 16 16 10-10 22 20'/></g>\
         <circle cx='114' cy='54' r='7' fill='#7c8796'/>\
         <g font-family='system-ui, sans-serif' font-size='15' text-anchor='middle' fill='#7c8796'>{texts}</g></svg>"
    )
}
