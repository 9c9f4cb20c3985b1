package dev.attune.fuzz;

import dev.attune.adapt.AdapterConfigFuzz;
import dev.attune.checkpoint.Llama2cFuzz;
import dev.attune.checkpoint.OnnxFuzz;
import dev.attune.checkpoint.SafetensorsFuzz;
import dev.attune.checkpoint.ShardIndexFuzz;
import dev.attune.checkpoint.TensorFlowBundleFuzz;
import dev.attune.data.DatasetFuzz;
import dev.attune.generate.GenerationConfigFuzz;
import dev.attune.hub.ModelArchiveFuzz;
import dev.attune.job.RecipeFuzz;
import dev.attune.model.ModelConfigFuzz;
import dev.attune.text.Llama2cVocabularyFuzz;
import dev.attune.text.TokenizerFuzz;
import java.util.List;

/** All readers that are fuzzed. */
final class FuzzTargets {
    private FuzzTargets() {}

    static List<FuzzTarget> all() {
        return List.of(
                new SafetensorsFuzz(),
                new ShardIndexFuzz(),
                new OnnxFuzz(),
                new TensorFlowBundleFuzz(),
                new Llama2cFuzz(),
                new ModelArchiveFuzz(),
                new TokenizerFuzz(),
                new Llama2cVocabularyFuzz(),
                new ModelConfigFuzz(),
                new AdapterConfigFuzz(),
                new GenerationConfigFuzz(),
                DatasetFuzz.csv(),
                DatasetFuzz.tsv(),
                DatasetFuzz.jsonRows(),
                DatasetFuzz.jsonLines(),
                DatasetFuzz.conll(),
                DatasetFuzz.squad(),
                new RecipeFuzz());
    }

    static FuzzTarget named(String reader) {
        return all().stream()
                .filter(target -> target.reader().equals(reader))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reader is called " + reader));
    }
}
