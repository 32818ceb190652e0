//! Distances between firms.

use crate::scenario::Firm;
use crate::units::Metres;

/// Mean radius of the Earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// Great-circle distance in metres by haversine on a sphere of radius 6,371,008.8 m. Degrees.
pub fn great_circle(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half_lat = (lat_b - lat_a) / 2.0;
    let half_lon = (b.1 - a.1).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

/// Road distance: great-circle distance times `road_factor`, rounded half up to whole metres. This is the one
/// place where a distance becomes an integer.
pub fn road_distance(a: &Firm, b: &Firm, road_factor: f64) -> Metres {
    let metres = great_circle((a.latitude, a.longitude), (b.latitude, b.longitude)) * road_factor;
    (metres + 0.5).floor() as Metres
}

/// Whether the road distance may be within a limit, by latitude alone: no great circle is shorter than the way between
/// its two parallels. `false` is certain.
pub fn within(a: &Firm, b: &Firm, road_factor: f64, limit: Metres) -> bool {
    let parallels = (a.latitude - b.latitude).abs().to_radians() * RADIUS;
    // A metre more than rounding could take.
    parallels * road_factor <= limit as f64 + 1.5
}
