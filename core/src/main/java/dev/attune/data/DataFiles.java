package dev.attune.data;

import dev.attune.data.store.FileStamps;
import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From the string a user typed to the files (or the query) that it means. */
final class DataFiles {
    private static final Pattern SQL =
            Pattern.compile("\\s*(?:select|with|from)[\\s('\"].*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    /** Statements that a data query may not be: they go the way of a query, to be refused as one. */
    private static final Pattern OTHER_SQL = Pattern.compile(
            "\\s*(?:copy|insert|update|delete|create|drop|alter|attach|install|pragma|export|call|pivot|values)[\\s(].*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private DataFiles() {}

    static Dataset read(String source, DataCache cache) {
        if (source.isBlank()) throw new DataException("The name of the data file is empty.");
        Path file = path(source);
        if (file == null || !Files.exists(file)) {
            if (isQuery(source)) return DuckDb.sql(source);
            if (REMOTE.matcher(source).matches()) {
                throw new DataException(
                        "Data is not fetched from the network: download " + source + " and name the file.");
            }
            if (WILDCARD.matcher(source).find()) return readAll(source, cache);
        }
        if (file == null) throw new DataException("'" + source + "' is not a possible file name.");
        checkFile(source, file);
        String name = file.getFileName().toString();
        return read(name, List.of(file), List.of(name), cache);
    }

    /**
     * A pattern, cut before the first folder with a wildcard.
     *
     * @param base a plain path, from which the search starts
     * @param glob the rest
     */
    private record Search(Path base, String glob) {
        static Search of(String pattern) {
            String slashed = File.separatorChar == '\\' ? pattern.replace('\\', '/') : pattern;
            String plain = WILDCARD.split(slashed, 2)[0];
            int cut = plain.lastIndexOf('/') + 1;
            return new Search(Path.of(cut == 0 ? "" : slashed.substring(0, cut)), slashed.substring(cut));
        }
    }

    /** Whether the text is a pattern that some file matches. What cannot be searched is left to reading, which says why. */
    static boolean isMatched(String text) {
        if (!WILDCARD.matcher(text).find()) return false;
        Search search = Search.of(text);
        try {
            return !match(search.base(), search.glob()).isEmpty();
        } catch (DataException unsearchable) {
            return false;
        }
    }

    static boolean isQuery(String source) {
        return SQL.matcher(source).matches() || OTHER_SQL.matcher(source).matches();
    }

    private static Dataset readAll(String pattern, DataCache cache) {
        Search search = Search.of(pattern);
        Path base = search.base();
        List<Path> files = match(base, search.glob());
        if (files.isEmpty()) {
            throw new DataException("No file matches '" + pattern + "'"
                    + (Files.isDirectory(base.toAbsolutePath())
                            ? "." + known(base)
                            : ": the folder " + base + " does not exist."));
        }
        List<String> names =
                files.stream().map(file -> base.relativize(file).toString()).toList();
        return read(pattern, files, names, cache);
    }

    private static Dataset read(String name, List<Path> files, List<String> names, DataCache cache) {
        try {
            return cache.rows(name, FileStamps.of(files, names), table -> {
                for (int i = 0; i < files.size(); i++) append(files.get(i), names.get(i), table);
            });
        } catch (IOException e) {
            throw new DataException("Cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    private static List<Path> match(Path base, String pattern) {
        if (!Files.isDirectory(base.toAbsolutePath())) return List.of();
        FileGlob glob = glob(pattern);
        int depth = pattern.contains("**") ? Integer.MAX_VALUE : pattern.split("/").length;
        try (Stream<Path> files = Files.walk(base, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> glob.matches(base.relativize(file)))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) { // of a folder further down
            throw unsearchable(base, pattern, e.getCause());
        } catch (IOException e) {
            throw unsearchable(base, pattern, e);
        }
    }

    private static FileGlob glob(String pattern) {
        try {
            return new FileGlob(pattern);
        } catch (PatternSyntaxException e) {
            throw new DataException(
                    "'" + pattern + "' is neither a file nor a possible pattern: " + e.getDescription() + ".", e);
        }
    }

    private static DataException unsearchable(Path base, String pattern, IOException e) {
        FileSystemException known = e instanceof FileSystemException of ? of : null;
        String folder = known == null || known.getFile() == null ? base.toString() : known.getFile();
        String reason = e instanceof AccessDeniedException
                ? "access denied"
                : known != null && known.getReason() != null ? known.getReason() : e.toString();
        return new DataException(
                "Cannot search " + base.toAbsolutePath() + " for '" + pattern + "': the folder " + folder
                        + " cannot be read (" + reason + "). Make it readable, or write a pattern that leaves it out.",
                e);
    }

    private static void append(Path file, String name, TableBuilder table) {
        FileType type = FileType.of(file);
        try {
            if (Files.size(file) == 0) throw new DataException(file + " is empty (0 bytes).");
            int before = table.size();
            switch (type.format()) {
                case PARQUET -> DuckDb.parquet(file.toAbsolutePath(), name, table);
                case CSV, TSV -> DelimitedFile.read(file, name, type, table);
                case JSON -> JsonFile.readJson(file, name, type, table);
                case JSONL -> JsonFile.readLines(file, name, type, table);
                case TEXT -> TextFile.readLines(file, name, type, table);
                case CONLL -> ConllFile.read(file, name, type, table);
            }
            if (table.size() == before && !table.columns().isEmpty()) {
                throw new DataException(
                        name + " has no rows, only the columns " + String.join(", ", table.columns()) + ".");
            }
            if (table.size() == before) throw new DataException(name + " has no rows.");
        } catch (IOException e) {
            throw new DataException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void checkFile(String typed, Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException(typed + " is a folder. Name a file in it, or a pattern such as "
                    + Path.of(typed).resolve("x").toString().replaceAll("x$", "") + "*.csv." + known(file));
        }
        if (Files.exists(file)) return;
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new DataException("No file '" + typed + "': the folder " + folder + " does not exist.");
        }
        List<String> names = list(folder, false);
        String suggestion = Suggestion.didYouMean(file.getFileName().toString(), names);
        throw new DataException("No file '" + typed + "'." + (suggestion.isEmpty() ? known(folder) : suggestion));
    }

    private static String known(Path folder) {
        List<String> names = list(folder.toAbsolutePath(), true);
        if (names.isEmpty()) return " There is no data file in that folder.";
        int shown = Math.min(5, names.size());
        return " Data files there: " + String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", …" : "")
                + ".";
    }

    private static List<String> list(Path folder, boolean dataOnly) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !dataOnly || FileType.find(file) != null)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // only a hint: the message it would decorate is the one that matters
        }
    }

    private static @Nullable Path path(String source) {
        try {
            return Path.of(source);
        } catch (InvalidPathException e) {
            return null; // a query, or a pattern on a system where '*' cannot be in a name
        }
    }
}
