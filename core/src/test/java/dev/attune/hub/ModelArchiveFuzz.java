package dev.attune.hub;

import dev.attune.fuzz.FuzzTarget;
import dev.attune.io.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A jar with a model in it, as it comes from a repository. */
public final class ModelArchiveFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "zip";
    }

    @Override
    public String file() {
        return "input.jar";
    }

    @Override
    public List<byte[]> seeds() {
        byte[] json = "{\"model_type\": \"bert\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("META-INF/MANIFEST.MF", new byte[0]);
        files.put("model/config.json", json);
        files.put("model/vocab.txt", new byte[3000]);
        files.put("model/model.safetensors", new byte[40]);
        Map<String, byte[]> outer = new LinkedHashMap<>();
        outer.put("model.zip", zip(files, true));
        outer.put("far/deep/er/config.json", json);
        return List.of(zip(files, true), zip(files, false), zip(outer, false), zip(outer, true));
    }

    private static byte[] zip(Map<String, byte[]> files, boolean deflated) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(0);
                if (!deflated) {
                    CRC32 checksum = new CRC32();
                    checksum.update(file.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(file.getValue().length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public List<String> words() {
        return List.of(
                "PK\u0003\u0004",
                "PK\u0001\u0002",
                "PK\u0005\u0006",
                "PK\u0006\u0006",
                "PK\u0006\u0007",
                "PK\u0007\u0008",
                "config.json",
                "model.onnx",
                "../config.json",
                "/tokenizer.json",
                "..\\vocab.txt",
                "x.index",
                "pytorch_model.bin",
                "a.zip");
    }

    @Override
    public void read(Path file) throws IOException {
        Path cache = file.resolveSibling("cache");
        try {
            new ModelCache(cache, MavenCoordinates.parse("g:a:1")).unpack(file);
            inside(cache);
        } finally {
            if (Files.exists(cache)) FileTree.delete(cache);
        }
    }

    /** Names from the list, in one folder: nothing that the jar calls a folder has become one. */
    private static void inside(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache.resolve("g/a/1"))) {
            if (files.filter(Files::isDirectory).count() != 1) throw new AssertionError("unpacks folders");
        }
    }
}
