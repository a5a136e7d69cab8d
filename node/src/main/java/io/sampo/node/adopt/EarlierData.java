package io.sampo.node.adopt;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogActor;
import java.io.IOException;

/** What has to become of a data directory before its member can start on it. */
public final class EarlierData {
  private EarlierData() {}

  /**
   * Takes over what etcd left, and makes a new cluster where that is asked for. A directory without
   * data stays so.
   */
  public static void prepare(NodeConfig config, StateSettings state, SystemSources sources)
      throws IOException, InterruptedException {
    AdoptionSettings settings =
        new AdoptionSettings(
            state,
            LogActor.NAME,
            config.storage().snapshotCatchUpEntries(),
            journal -> LevelDbJournal.config(journal).withFallback(PekkoSettings.load()).resolve(),
            sources.nanoTime(),
            config.cluster().forceNewCluster());
    EtcdAdoption.runIfDue(config.dataDir(), config.walDir(), settings);
    if (config.cluster().forceNewCluster() && DataDirectory.hasIdentity(config.dataDir())) {
      try (DataDirectory directory = DataDirectory.open(config.dataDir(), config.walDir())) {
        ForcedCluster.make(
            directory,
            config.urls().initialAdvertisePeer().stream().map(EtcdUrl::text).toList(),
            settings);
      }
    }
  }
}
