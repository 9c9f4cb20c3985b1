package dev.attune.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** How many kills there were, where they fell, and how many runs did not go on. Written down after each, so that none is lost. */
final class KillCounts {
    private final @Nullable Path file;
    private int kills;
    private int whileSaving;
    private int whileRemoving;
    private int unresumable;

    private KillCounts(@Nullable Path file) {
        this.file = file;
    }

    /** @param file null to write nothing */
    static KillCounts toFile(@Nullable String file) {
        return new KillCounts(file == null ? null : Path.of(file));
    }

    /** @param left what the kill left behind */
    synchronized void wentOn(TinyRun.Left left) {
        kills++;
        if (left.save()) whileSaving++;
        if (left.removal()) whileRemoving++;
        write();
    }

    synchronized void unresumable() {
        kills++;
        unresumable++;
        write();
    }

    synchronized int kills() {
        return kills;
    }

    synchronized int whileSaving() {
        return whileSaving;
    }

    private void write() {
        if (file == null) return;
        try {
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized String toString() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("kills", kills);
        counts.put("while_saving", whileSaving);
        counts.put("while_removing", whileRemoving);
        counts.put("unresumable", unresumable);
        return JsonMapper.shared().writeValueAsString(counts);
    }
}
