//! Numbers by value, whatever the shape of their digits and separators.
