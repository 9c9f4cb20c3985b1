package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads pages with a parser and holds them to what every page must be: one file, without script and without a way out. */
public final class Pages {
    /** What a page is made of. Whatever runs, loads or submits something is missing. */
    private static final Set<String> ELEMENTS = Set.of(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "main",
            "nav",
            "section",
            "h1",
            "h2",
            "h3",
            "p",
            "ul",
            "li",
            "a",
            "div",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "bdi",
            "figure",
            "figcaption",
            "svg",
            "g",
            "rect",
            "line",
            "path",
            "circle",
            "text");

    private Pages() {}

    /** The page, if it is well-formed and harmless. */
    public static Document check(String html) {
        assertThat(html).startsWith("<!DOCTYPE html>\n<html ").contains("<meta charset=\"utf-8\"/>");
        Document page = parse(html);
        for (Element element : all(page, "*")) {
            assertThat(ELEMENTS).contains(element.getTagName());
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) attribute(element, (Attr) attributes.item(i));
        }
        assertThat(all(page, "script")).isEmpty();
        policy(page);
        outline(page);
        for (Element table : all(page, "table")) {
            assertThat(texts(table, "caption")).hasSize(1).noneMatch(String::isBlank);
            for (Element head : all(table, "th"))
                assertThat(head.getAttribute("scope")).isEqualTo("col");
        }
        for (Element picture : all(page, "svg")) {
            assertThat(picture.getAttribute("role")).isEqualTo("img");
            assertThat(((Element) picture.getElementsByTagName("title").item(0)).getTextContent())
                    .isNotBlank();
            assertThat(picture.getParentNode().getNodeName()).isEqualTo("figure");
        }
        return page;
    }

    private static void attribute(Element element, Attr attribute) {
        String name = attribute.getName().toLowerCase(Locale.ROOT);
        assertThat(name).doesNotStartWith("on").isNotEqualTo("style");
        if (name.equals("href") || name.equals("src") || name.endsWith(":href")) {
            assertThat(attribute.getValue()).as(element.getTagName()).startsWith("#");
        } else if (!name.equals("xmlns")) {
            assertThat(attribute.getValue()).doesNotContain("url(", "javascript:");
        }
    }

    /** Nothing but the style that is there. */
    private static void policy(Document page) {
        List<String> policies = all(page, "meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .map(meta -> meta.getAttribute("content"))
                .toList();
        assertThat(texts(page, "style")).hasSize(1).noneMatch(css -> css.contains("url(") || css.contains("@import"));
        assertThat(policies)
                .containsExactly("default-src 'none'; style-src 'sha256-"
                        + hash(texts(page, "style").get(0)) + "'; base-uri 'none'; form-action 'none'");
    }

    /** One heading of the first rank, and none that skips a rank; links lead to parts that are there. */
    private static void outline(Document page) {
        int rank = 0;
        for (Element element : all(page, "*")) {
            if (!element.getTagName().matches("h[1-3]")) continue;
            int next = element.getTagName().charAt(1) - '0';
            assertThat(next).isLessThanOrEqualTo(rank + 1);
            assertThat(next == 1).isEqualTo(rank == 0);
            rank = next;
        }
        List<String> parts = all(page, "section").stream()
                .map(each -> "#" + each.getAttribute("id"))
                .toList();
        assertThat(all(page, "a")).extracting(link -> link.getAttribute("href")).containsExactlyElementsOf(parts);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Document parse(String html) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html)));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Element> all(Document page, String name) {
        return all(page.getDocumentElement(), name);
    }

    private static List<Element> all(Element within, String name) {
        NodeList found = within.getElementsByTagName(name);
        List<Element> list = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) list.add((Element) found.item(i));
        return list;
    }

    /** The text of each element of this name. */
    public static List<String> texts(Document page, String name) {
        return texts(page.getDocumentElement(), name);
    }

    private static List<String> texts(Element within, String name) {
        return all(within, name).stream().map(Element::getTextContent).toList();
    }
}
