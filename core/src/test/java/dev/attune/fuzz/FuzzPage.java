package dev.attune.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page with the counts: {@code docs/fuzzing.md}, of which the table is written by the runs themselves. */
final class FuzzPage {
    private static final String START = "<!-- counts: written by FuzzIT -->\n";
    private static final String END = "<!-- end of counts -->\n";

    private FuzzPage() {}

    /** Puts the sums of all runs into the page. */
    static void write() throws IOException {
        Path here = Path.of("docs", "fuzzing.md");
        Path page = Files.exists(here) ? here : Path.of("..").resolve(here);
        String text = Files.readString(page);
        int start = text.indexOf(START) + START.length();
        int end = text.indexOf(END);
        Files.writeString(page, text.substring(0, start) + FuzzCounts.table() + text.substring(end));
    }

    public static void main(String[] arguments) throws IOException {
        write();
    }
}
