"""DeepFM and its variants on Apache Spark, with the habits of ``pyspark.ml``.

    from deepfm_spark import COORDINATES, DeepFm

    spark = SparkSession.builder.config("spark.jars.packages", COORDINATES).getOrCreate()
    model = DeepFm(userCol="user", itemCol="item", timestampCol="time").fit(ratings)
    model.recommendForAllUsers(10).show()

The classes wrap ``io.deepfm.ml.DeepFm`` and ``io.deepfm.ml.DeepFmModel``, whose jar Spark must have: by its Maven coordinates,
``COORDINATES``, or as a file in ``spark.jars``.
"""

import json
import sys
import types
from typing import Any, Dict, List

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import DataFrame

from deepfm_spark._coordinates import COORDINATES, VERSION

__all__ = ["COORDINATES", "DeepFm", "DeepFmModel", "VERSION"]


class _Reader(JavaMLReader):
    """Reads what the class of the same name in Java has stored."""

    @classmethod
    def _java_loader_class(cls, clazz: Any) -> str:
        return "io.deepfm.ml." + clazz.__name__


class _DeepFmParams(Params):
    """The parameters that an estimator hands on to its model."""

    userCol: "Param[str]" = Param(
        Params._dummy(), "userCol", "column of the users' keys; without it, rows are clicks to be classified", typeConverter=TypeConverters.toString
    )
    itemCol: "Param[str]" = Param(
        Params._dummy(), "itemCol", "column of the items' keys; given where userCol is", typeConverter=TypeConverters.toString
    )
    rawPredictionCol: "Param[str]" = Param(
        Params._dummy(), "rawPredictionCol", "output column: minus and plus the log-odds of label 1 (vector)", typeConverter=TypeConverters.toString
    )
    probabilityCol: "Param[str]" = Param(
        Params._dummy(), "probabilityCol", "output column: the probabilities of labels 0 and 1 (vector)", typeConverter=TypeConverters.toString
    )
    predictionCol: "Param[str]" = Param(
        Params._dummy(), "predictionCol", "output column: the more probable label, 0 or 1 (double)", typeConverter=TypeConverters.toString
    )
    coldStartStrategy: "Param[str]" = Param(
        Params._dummy(), "coldStartStrategy", "what transform does with rows of users or items that the model does not know: predict by their other features, nan, or drop", typeConverter=TypeConverters.toString
    )
    includeSeen: "Param[bool]" = Param(
        Params._dummy(), "includeSeen", "whether recommendations include items that the user has interacted with", typeConverter=TypeConverters.toBoolean
    )
    blockSize: "Param[int]" = Param(
        Params._dummy(), "blockSize", "rows per step of training and per pass of scoring", typeConverter=TypeConverters.toInt
    )

    def getUserCol(self) -> str:
        return self.getOrDefault(self.userCol)

    def setUserCol(self, value: str) -> Any:
        """Sets the column of the users' keys."""
        return self._set(userCol=value)

    def getItemCol(self) -> str:
        return self.getOrDefault(self.itemCol)

    def setItemCol(self, value: str) -> Any:
        """Sets the column of the items' keys."""
        return self._set(itemCol=value)

    def getRawPredictionCol(self) -> str:
        return self.getOrDefault(self.rawPredictionCol)

    def setRawPredictionCol(self, value: str) -> Any:
        """Sets the output column."""
        return self._set(rawPredictionCol=value)

    def getProbabilityCol(self) -> str:
        return self.getOrDefault(self.probabilityCol)

    def setProbabilityCol(self, value: str) -> Any:
        """Sets the output column."""
        return self._set(probabilityCol=value)

    def getPredictionCol(self) -> str:
        return self.getOrDefault(self.predictionCol)

    def setPredictionCol(self, value: str) -> Any:
        """Sets the output column."""
        return self._set(predictionCol=value)

    def getColdStartStrategy(self) -> str:
        return self.getOrDefault(self.coldStartStrategy)

    def setColdStartStrategy(self, value: str) -> Any:
        """Sets what transform does with rows of users or items that the model does not know."""
        return self._set(coldStartStrategy=value)

    def getIncludeSeen(self) -> bool:
        return self.getOrDefault(self.includeSeen)

    def setIncludeSeen(self, value: bool) -> Any:
        """Sets whether recommendations include items that the user has interacted with."""
        return self._set(includeSeen=value)

    def getBlockSize(self) -> int:
        return self.getOrDefault(self.blockSize)

    def setBlockSize(self, value: int) -> Any:
        """Sets rows per step of training and per pass of scoring."""
        return self._set(blockSize=value)


class DeepFm(JavaEstimator, _DeepFmParams, JavaMLReadable, JavaMLWritable):
    """An estimator: a recommender where ``userCol`` and ``itemCol`` are given, else a classifier of clicks.

    ``fit`` runs the stages of the command line below ``workDir``. All rows are trained on but those for validation, which choose
    the best epoch: each user's last one by ``timestampCol``, or else a random tenth.

    >>> model = DeepFm(userCol="user", itemCol="item", timestampCol="time").setConfig("model.heads", "two").fit(ratings)
    """

    labelCol: "Param[str]" = Param(
        Params._dummy(), "labelCol", "column of labels: a boolean, 0 or 1, or with labelThreshold a number; none: all rows are positives", typeConverter=TypeConverters.toString
    )
    labelThreshold: "Param[float]" = Param(
        Params._dummy(), "labelThreshold", "from which value on a label is positive", typeConverter=TypeConverters.toFloat
    )
    timestampCol: "Param[str]" = Param(
        Params._dummy(), "timestampCol", "column that orders a user's rows, of which the last is for validation", typeConverter=TypeConverters.toString
    )
    modelName: "Param[str]" = Param(
        Params._dummy(), "modelName", "the architecture: deepfm, xdeepfm, attention_deepfm or dcnv2", typeConverter=TypeConverters.toString
    )
    features: "Param[str]" = Param(
        Params._dummy(), "features", "the input features as in a configuration file (HOCON); inferred from the columns where not given", typeConverter=TypeConverters.toString
    )
    maxIter: "Param[int]" = Param(
        Params._dummy(), "maxIter", "the most epochs", typeConverter=TypeConverters.toInt
    )
    stepSize: "Param[float]" = Param(
        Params._dummy(), "stepSize", "the learning rate", typeConverter=TypeConverters.toFloat
    )
    numNegatives: "Param[int]" = Param(
        Params._dummy(), "numNegatives", "negatives sampled for each positive and epoch", typeConverter=TypeConverters.toInt
    )
    seed: "Param[int]" = Param(
        Params._dummy(), "seed", "the source of every random choice", typeConverter=TypeConverters.toInt
    )
    workDir: "Param[str]" = Param(
        Params._dummy(), "workDir", "where the stages' data and the models are kept: any path that driver and executors share", typeConverter=TypeConverters.toString
    )
    config: "Param[List[str]]" = Param(
        Params._dummy(),
        "config",
        "other settings of a configuration file: key=value",
        typeConverter=TypeConverters.toListString,
    )

    @keyword_only
    def __init__(
        self,
        *,
        userCol: str = None,
        itemCol: str = None,
        rawPredictionCol: str = None,
        probabilityCol: str = None,
        predictionCol: str = None,
        coldStartStrategy: str = None,
        includeSeen: bool = None,
        blockSize: int = None,
        labelCol: str = None,
        labelThreshold: float = None,
        timestampCol: str = None,
        modelName: str = None,
        features: str = None,
        maxIter: int = None,
        stepSize: float = None,
        numNegatives: int = None,
        seed: int = None,
        workDir: str = None,
        config: Dict[str, Any] = None,
    ):
        super().__init__()
        self._java_obj = self._new_java_obj("io.deepfm.ml.DeepFm", self.uid)
        # The defaults are those of the class in Java.
        self._transfer_params_from_java()
        given = {name: value for name, value in self._input_kwargs.items() if value is not None}
        self.setParams(**given)

    def setParams(self, **values: Any) -> "DeepFm":
        """Sets parameters by name; ``config`` is a dict of a configuration file's keys and values."""
        for key, value in (values.pop("config", None) or {}).items():
            self.setConfig(key, value)
        return self._set(**values)

    def getLabelCol(self) -> str:
        return self.getOrDefault(self.labelCol)

    def setLabelCol(self, value: str) -> "DeepFm":
        """Sets the column of labels."""
        return self._set(labelCol=value)

    def getLabelThreshold(self) -> float:
        return self.getOrDefault(self.labelThreshold)

    def setLabelThreshold(self, value: float) -> "DeepFm":
        """Sets from which value on a label is positive."""
        return self._set(labelThreshold=value)

    def getTimestampCol(self) -> str:
        return self.getOrDefault(self.timestampCol)

    def setTimestampCol(self, value: str) -> "DeepFm":
        """Sets the column that orders a user's rows, of which the last is for validation."""
        return self._set(timestampCol=value)

    def getModelName(self) -> str:
        return self.getOrDefault(self.modelName)

    def setModelName(self, value: str) -> "DeepFm":
        """Sets the architecture."""
        return self._set(modelName=value)

    def getFeatures(self) -> str:
        return self.getOrDefault(self.features)

    def setFeatures(self, value: str) -> "DeepFm":
        """Sets the input features as in a configuration file (HOCON)."""
        return self._set(features=value)

    def getMaxIter(self) -> int:
        return self.getOrDefault(self.maxIter)

    def setMaxIter(self, value: int) -> "DeepFm":
        """Sets the most epochs."""
        return self._set(maxIter=value)

    def getStepSize(self) -> float:
        return self.getOrDefault(self.stepSize)

    def setStepSize(self, value: float) -> "DeepFm":
        """Sets the learning rate."""
        return self._set(stepSize=value)

    def getNumNegatives(self) -> int:
        return self.getOrDefault(self.numNegatives)

    def setNumNegatives(self, value: int) -> "DeepFm":
        """Sets the negatives sampled for each positive and epoch."""
        return self._set(numNegatives=value)

    def getSeed(self) -> int:
        return self.getOrDefault(self.seed)

    def setSeed(self, value: int) -> "DeepFm":
        """Sets the source of every random choice."""
        return self._set(seed=value)

    def getWorkDir(self) -> str:
        return self.getOrDefault(self.workDir)

    def setWorkDir(self, value: str) -> "DeepFm":
        """Sets where the stages' data and the models are kept."""
        return self._set(workDir=value)

    def getConfig(self) -> List[str]:
        return self.getOrDefault(self.config)

    def setConfig(self, key: str, value: Any) -> "DeepFm":
        """Sets one more of a configuration file's settings, such as ``training.ema_decay``."""
        others = [pair for pair in self.getConfig() if not pair.startswith(key + "=")]
        text = json.dumps(value) if isinstance(value, (bool, list, dict)) else str(value)
        return self._set(config=others + [key + "=" + text])

    def setUsers(self, rows: DataFrame) -> "DeepFm":
        """Sets the users' own columns, which become features: one row per user, with ``userCol``."""
        self._java_obj.setUsers(rows._jdf)
        return self

    def setItems(self, rows: DataFrame) -> "DeepFm":
        """Sets the items' own columns, which become features: one row per item, with ``itemCol``."""
        self._java_obj.setItems(rows._jdf)
        return self

    def _create_model(self, java_model: Any) -> "DeepFmModel":
        return DeepFmModel(java_model)

    @classmethod
    def read(cls) -> _Reader:
        """Reads an estimator that was stored."""
        return _Reader(cls)


class DeepFmModel(JavaModel, _DeepFmParams, JavaMLReadable, JavaMLWritable):
    """A trained model: of :py:class:`DeepFm`, or any model's folder that the command line has written."""

    @property
    def folder(self) -> str:
        """Where the model is: the folder that ``--checkpoint`` of the command line takes."""
        return self._call_java("folder")

    def recommendForAllUsers(self, numItems: int) -> DataFrame:
        """The best items of the catalogue for each user of the model, as ``ALSModel`` has them."""
        return self._call_java("recommendForAllUsers", numItems)

    def recommendForAllItems(self, numUsers: int) -> DataFrame:
        """The users of the model that each item suits best, as ``ALSModel`` has them."""
        return self._call_java("recommendForAllItems", numUsers)

    def recommendForUserSubset(self, dataset: DataFrame, numItems: int) -> DataFrame:
        """The best items of the catalogue for some of the model's users."""
        return self._call_java("recommendForUserSubset", dataset, numItems)

    @property
    def hasSummary(self) -> bool:
        """Whether the model is where it was trained."""
        return self._call_java("hasSummary")

    @property
    def summary(self) -> Dict[str, Any]:
        """How training went: ``bestEpoch``, ``epochs``, ``objectiveHistory``, the best epoch's ``validationMetrics``, ``featureImportances``."""
        java = self._java_obj.summary()
        return {
            "bestEpoch": java.bestEpoch(),
            "epochs": [dict(epoch) for epoch in java.epochs()],
            "objectiveHistory": list(java.objectiveHistory()),
            "validationMetrics": dict(java.validationMetrics()),
            "featureImportances": dict(java.featureImportances()),
        }

    @classmethod
    def read(cls) -> _Reader:
        """Reads a model that was stored, or that the command line has written."""
        return _Reader(cls)


# Spark looks for the Python class of a stage that it has read by the name of the class in Java.
sys.modules["io.deepfm"] = types.ModuleType("io.deepfm")
sys.modules["io.deepfm.ml"] = sys.modules[__name__]
