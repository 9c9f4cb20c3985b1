package dev.attune.data;

import dev.attune.error.DataException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the name of a file says about its content. */
record FileType(Format format, Compression compression) {
    enum Format {
        CSV,
        TSV,
        JSON,
        JSONL,
        TEXT,
        CONLL,
        PARQUET
    }

    enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    private static final String KNOWN =
            ".csv, .tsv, .json, .jsonl, .ndjson, .txt, .conll, .bio, .iob, .bioes (each also with .gz or .zst) and .parquet";

    /** @throws DataException if the ending is none of the known ones */
    static FileType of(Path file) {
        FileType type = find(file);
        if (type != null) return type;
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String hint = name.endsWith(".xlsx") || name.endsWith(".xls") || name.endsWith(".ods")
                ? " Save the sheet as CSV (UTF-8)."
                : name.endsWith(".zip") || name.endsWith(".tar.gz") || name.endsWith(".tgz") ? " Unpack it first." : "";
        throw new DataException("Cannot tell from its name what kind of data " + file + " holds. Known endings are "
                + KNOWN + "." + hint);
    }

    static @Nullable FileType find(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        Compression compression = Compression.NONE;
        if (name.endsWith(".gz")) compression = Compression.GZIP;
        if (name.endsWith(".zst") || name.endsWith(".zstd")) compression = Compression.ZSTD;
        if (compression != Compression.NONE) name = name.substring(0, name.lastIndexOf('.'));
        Format format = switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> Format.CSV;
            case "tsv", "tab" -> Format.TSV;
            case "json" -> Format.JSON;
            case "jsonl", "ndjson" -> Format.JSONL;
            case "txt" -> Format.TEXT;
            case "conll", "bio", "iob", "iob2", "bioes" -> Format.CONLL;
            case "parquet" -> compression == Compression.NONE ? Format.PARQUET : null;
            default -> null;
        };
        return format == null || name.indexOf('.') < 0 ? null : new FileType(format, compression);
    }
}
