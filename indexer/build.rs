//! A new migration file must rebuild the crate: the macro that embeds them tracks only those it has already seen.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
