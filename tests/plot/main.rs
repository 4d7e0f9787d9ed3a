//! The charts: what is drawn where, in which colour, and which images a pointer means.

mod charts;
mod colours;
mod curve;
mod map_2d;
mod map_3d;
mod picking;
mod recorder;
mod silhouettes;
