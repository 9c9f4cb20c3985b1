package dev.attune.adapt;

import dev.attune.nn.Init;

/** How the first table of an adapter is filled; the second begins with zeros, so that training begins at the base model. */
public enum LoraInit {
    /** Kaiming's uniform numbers, within 1/√in. */
    TRUE,
    /** Normal numbers with the deviation 1/r. */
    GAUSSIAN;

    Init of(int rank) {
        return this == TRUE ? Init.kaimingUniform() : Init.normal(1.0 / rank);
    }
}
