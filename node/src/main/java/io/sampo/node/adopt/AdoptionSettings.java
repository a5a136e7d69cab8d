package io.sampo.node.adopt;

import com.typesafe.config.Config;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.log.JournalSettings;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What is needed to rewrite a member's data.
 *
 * @param state how the state is applied
 * @param logName the log's name in the journal
 * @param catchUpEntries how many entries before the snapshot the log keeps, for slow followers
 * @param actors the configuration of an actor system on a journal
 * @param nanoTime monotonic
 * @param forceNewCluster {@code --force-new-cluster}: what is not known to be committed is dropped
 */
public record AdoptionSettings(
    StateSettings state,
    String logName,
    long catchUpEntries,
    Function<JournalSettings, Config> actors,
    LongSupplier nanoTime,
    boolean forceNewCluster) {}
