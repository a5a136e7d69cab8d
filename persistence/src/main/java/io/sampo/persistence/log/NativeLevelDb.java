package io.sampo.persistence.log;

import org.fusesource.leveldbjni.JniDBFactory;
import org.slf4j.LoggerFactory;

/**
 * Whether leveldbjni's library works on this machine; asked once, for loading it costs tens of
 * milliseconds.
 */
final class NativeLevelDb {
  private static final boolean LOADS = tryLoad();

  private NativeLevelDb() {}

  static boolean loads() {
    return LOADS;
  }

  private static boolean tryLoad() {
    try {
      JniDBFactory.pushMemoryPool(1);
      JniDBFactory.popMemoryPool();
      return true;
    } catch (LinkageError | RuntimeException e) {
      LoggerFactory.getLogger(NativeLevelDb.class)
          .info("native LevelDB is not available, the Java one is used: {}", e.toString());
      return false;
    }
  }
}
