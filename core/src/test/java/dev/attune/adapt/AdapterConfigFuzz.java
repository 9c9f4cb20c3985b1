package dev.attune.adapt;

import dev.attune.fuzz.FuzzTarget;
import dev.attune.model.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code adapter_config.json} as PEFT and as Attune write it. */
public final class AdapterConfigFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "adapter-config";
    }

    @Override
    public String file() {
        return AdapterConfig.FILE;
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of("plain", "everything", "last-layer")
                .map(name -> bytes(Golden.path("adapt/" + name + "/start").resolve(AdapterConfig.FILE)))
                .toList();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> words() {
        return List.of("LORA", "r", "lora_alpha", "use_dora", "rank_pattern", "lora_only", "pissa", "true", "0", "1e9");
    }

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public void read(Path file) {
        AdapterConfig config = AdapterConfig.read(file.getParent());
        config.lora().scale();
        config.architecture();
        config.base();
    }
}
