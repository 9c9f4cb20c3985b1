package dev.attune.report;

import dev.attune.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The frame of a page: one file that needs no network and no script. Its security policy forbids both, so that a browser would
 * not even follow what an escape had missed.
 */
final class HtmlPage {
    private static final String CSS = """
            :root { color-scheme: light dark; --ink: #1f2933; --muted: #5b6875; --page: #ffffff; --line: #d5dbe1; }
            body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem 4rem; background: var(--page); color: var(--ink);
              font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif; }
            h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
            h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
            nav ul { padding: 0; list-style: none; }
            nav li { display: inline-block; margin-right: 1.25rem; }
            a { color: inherit; }
            p.lead { color: var(--muted); overflow-wrap: anywhere; }
            div.wide { overflow-x: auto; margin: 1rem 0; }
            table { border-collapse: collapse; font-size: 0.875rem; }
            caption { text-align: left; font-weight: 600; padding: 0.25rem 0; }
            th, td { padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            th.t, td.t { text-align: left; overflow-wrap: anywhere; }
            th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
            figure { margin: 1.5rem 0; }
            figcaption { color: var(--muted); font-size: 0.875rem; }
            svg { max-width: 100%; height: auto; }
            @media screen and (prefers-color-scheme: dark) {
              :root { --ink: #e4e8ec; --muted: #a9b4be; --page: #14181c; --line: #3a444e; }
              svg { filter: invert(1) hue-rotate(180deg); }
            }
            @media print {
              body { max-width: none; padding: 0; }
              nav { display: none; }
              figure, tr { break-inside: avoid; }
              div.wide { overflow: visible; }
            }
            """;

    private HtmlPage() {}

    /** Begins a page; what follows is its body, up to {@link #end}. */
    static Html begin(String title) {
        Html html = new Html();
        html.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        html.open("head").empty("meta", "charset", "utf-8");
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy());
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.empty("meta", "name", "referrer", "content", "no-referrer");
        html.element("title", title).style(CSS).close();
        return html.open("body").open("main");
    }

    static String end(Html html) {
        return html.close().close().close().document();
    }

    /** Nothing but the style of this page. */
    private static String policy() {
        return "default-src 'none'; style-src 'sha256-" + hash(CSS) + "'; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        return Base64.getEncoder().encodeToString(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
