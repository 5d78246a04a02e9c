//! What the elements and attributes of HTML mean for text.

/// What an element does to the paragraph that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Begins and ends paragraphs.
    Block,
    /// Is a code of its paragraph, as is any element that isn't known.
    Inline,
    /// Is a code and has no end tag.
    Void,
    /// `br`.
    LineBreak,
    /// Is left alone with all that is in it, and ends a paragraph.
    SkippedBlock,
    /// Is left alone with all that is in it, as one code of its paragraph.
    SkippedInline,
}

impl Role {
    /// The role of the element of that name, in lower case.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "br" => Self::LineBreak,
            "area" | "base" | "basefont" | "bgsound" | "col" | "embed" | "frame" | "img"
            | "input" | "keygen" | "link" | "meta" | "param" | "source" | "track" | "wbr" => {
                Self::Void
            }
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" | "iframe" | "noembed"
            | "noframes" => Self::SkippedBlock,
            "script" | "style" | "template" | "svg" | "math" => Self::SkippedInline,
            "address" | "article" | "aside" | "audio" | "blockquote" | "body" | "button"
            | "canvas" | "caption" | "center" | "colgroup" | "datalist" | "dd" | "details"
            | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure"
            | "footer" | "form" | "frameset" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "head"
            | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "main" | "menu"
            | "menuitem" | "nav" | "noscript" | "object" | "ol" | "optgroup" | "option" | "p"
            | "search" | "section" | "select" | "summary" | "table" | "tbody" | "td" | "tfoot"
            | "th" | "thead" | "title" | "tr" | "ul" | "video" => Self::Block,
            _ => Self::Inline,
        }
    }
}

/// Whether the start of a block `next` ends the block `open`, which has no end tag then
/// ([optional tags](https://html.spec.whatwg.org/#optional-tags)).
pub(super) fn is_ended_by(open: &str, next: &str) -> bool {
    match open {
        "p" => true,
        "hr" => true,
        "li" => next == "li",
        "dt" | "dd" => matches!(next, "dt" | "dd"),
        "tr" => matches!(next, "tr" | "tbody" | "tfoot"),
        "td" | "th" => matches!(next, "td" | "th" | "tr" | "tbody" | "tfoot"),
        "option" => matches!(next, "option" | "optgroup"),
        "head" => next == "body",
        _ => false,
    }
}

/// Whether the attribute holds text for people; `value_of` gives the values of the tag's other attributes.
pub(super) fn is_text_attribute(
    element: &str,
    attribute: &str,
    value_of: impl Fn(&str) -> Option<String>,
) -> bool {
    let is_one_of = |attribute: &str, values: &[&str]| {
        value_of(attribute)
            .is_some_and(|value| values.iter().any(|v| value.trim().eq_ignore_ascii_case(v)))
    };
    match attribute {
        "title" => element != "link",
        "alt"
        | "placeholder"
        | "aria-label"
        | "aria-description"
        | "aria-placeholder"
        | "aria-valuetext"
        | "aria-roledescription" => true,
        "label" => matches!(element, "option" | "optgroup" | "track"),
        "summary" => element == "table",
        "abbr" => element == "th",
        "value" => element == "input" && is_one_of("type", &["submit", "button", "reset"]),
        "content" => {
            element == "meta"
                && (is_one_of(
                    "name",
                    &[
                        "description",
                        "keywords",
                        "twitter:title",
                        "twitter:description",
                        "twitter:image:alt",
                    ],
                ) || is_one_of(
                    "property",
                    &["og:title", "og:description", "og:site_name", "og:image:alt"],
                ))
        }
        _ => false,
    }
}
