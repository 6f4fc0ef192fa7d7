//! One typed answer that terminal, HTML and JSON are views of.
