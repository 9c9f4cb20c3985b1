package dev.attune.report;

import dev.attune.text.Excerpt;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A small HTML writer: elements are closed in their order, all text is escaped. What comes out is well-formed XML, so that any
 * parser can check it.
 */
final class Html {
    /** Most characters of one text from data: a page is read by people. */
    private static final int LONGEST = 300;

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins an element.
     *
     * @param attributes names and values in turn
     */
    Html open(String element, String... attributes) {
        tag(element, attributes).append('>');
        open.push(element);
        return this;
    }

    /** An element without content, such as {@code meta}. */
    Html empty(String element, String... attributes) {
        tag(element, attributes).append("/>\n");
        return this;
    }

    private StringBuilder tag(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(Markup.escape(attributes[i + 1])).append('"');
        }
        return out;
    }

    Html close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** Words of our own. */
    Html text(String text) {
        out.append(Markup.escape(text));
        return this;
    }

    /** A text from data: cut if it is very long, and its writing direction does not reach beyond it. */
    Html data(String text) {
        out.append("<bdi>").append(Markup.escape(Excerpt.of(text, LONGEST))).append("</bdi>");
        return this;
    }

    /** An element with nothing but words of our own. */
    Html element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** A picture of ours with a line below it. */
    Html figure(String svg, String caption) {
        open("figure");
        out.append(svg);
        return element("figcaption", caption).close();
    }

    /** Rules of ours, in which no sign needs an escape. */
    Html style(String css) {
        out.append("<style>").append(css).append("</style>\n");
        return this;
    }

    String document() {
        if (!open.isEmpty()) throw new IllegalStateException("not closed: " + open);
        return "<!DOCTYPE html>\n" + out;
    }
}
