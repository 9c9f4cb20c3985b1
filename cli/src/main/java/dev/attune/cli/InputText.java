package dev.attune.cli;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.TextColumns;
import dev.attune.error.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A text to predict, and where it was read.
 *
 * @param where for instance {@code "mails.csv line 12"}
 */
record InputText(String content, String where) {
    /** The arguments if there are any, else the rows of a file or query, else the lines of standard input. */
    static Iterable<InputText> from(List<String> arguments, @Nullable String input, @Nullable String column) {
        List<InputText> texts = new ArrayList<>();
        for (String argument : arguments) texts.add(new InputText(argument, "Text " + (texts.size() + 1)));
        if (!texts.isEmpty()) return texts;
        return input == null ? InputText::standardInput : rows(Datasets.read(input), column);
    }

    private static List<InputText> rows(Dataset data, @Nullable String column) {
        TextColumns found = Columns.findTextColumns(data, column, null, null, false);
        if (column == null && found.textPair() != null) {
            throw new DataException(data.name() + " holds pairs of texts (" + found.text() + ", " + found.textPair()
                    + "), and this version predicts single texts only. Name one column with --text-column.");
        }
        String name = found.text();
        List<InputText> texts = new ArrayList<>(data.size());
        for (int row = 0; row < data.size(); row++) {
            Object value = data.value(row, name);
            texts.add(new InputText(value == null ? "" : value.toString(), data.where(row)));
        }
        return texts;
    }

    /** Reads a line when it is asked for, so that someone at a keyboard gets an answer to each. */
    private static Iterator<InputText> standardInput() {
        BufferedReader reader = new BufferedReader(new InputStreamReader(
                System.in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        return new Iterator<>() {
            private int line;
            private @Nullable String next = read();

            private @Nullable String read() {
                try {
                    line++;
                    return reader.readLine();
                } catch (java.nio.charset.CharacterCodingException e) {
                    throw new DataException("Standard input is not a text in UTF-8 (near line " + line + ").", e);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public InputText next() {
                if (next == null) throw new NoSuchElementException();
                InputText text = new InputText(next, "Line " + line + " of standard input");
                next = read();
                return text;
            }
        };
    }
}
