package dev.attune.task.tokenclassification;

import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.model.TokenScorer;
import dev.attune.model.Tokens;
import dev.attune.task.ClassLoss;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.tensor.Tensor;

/** Forward pass and loss: the mean over all tokens that have a label. */
final class TokenClassificationTask implements Task {
    private final PretrainedModel model;
    private final TokenClassificationData data;
    private final ClassLoss loss;

    TokenClassificationTask(PretrainedModel model, TokenClassificationData data) {
        this.model = model;
        this.data = data;
        this.loss = data.loss().classLoss();
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    /** Logits (N, K), FLOAT32. */
    static Tensor forward(PretrainedModel model, Batch batch) {
        return ((TokenScorer) model).forward(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys()));
    }

    @Override
    public double weight(Batch batch) {
        return loss.weight(batch.labels());
    }

    @Override
    public Tensor lossSum(Batch batch) {
        Tensor logits = forward(model, batch);
        var own = data.options().computeLoss();
        if (own != null) return own.sum(logits, batch);
        return loss.sum(logits, batch.labels());
    }

    @Override
    public double chanceLoss(Batch batch) {
        return data.options().computeLoss() != null
                ? Double.NaN
                : loss.chance(batch.labels(), data.settings().labels().size());
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        return new TokenClassificationEvaluation(model, data, loss, set);
    }
}
