//! The page, as the browser loads it.

fn main() {
    outbox_doctor::app::start();
}
